package io.crmbridge.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Both ends of the benchmark in a process of its own: a CRM whose page of deals shows 95 new records at each call, whose
 * contacts and enrolments are those that were made, and a target that counts what it gets; and who posts leads. As cheap as can be, so that the machine's two cores are left to what is measured.
 */
final class BenchServer {
    private static final int PAGE = 100;
    private static final int OVERLAP = 5;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong newest = new AtomicLong(PAGE);
    private final AtomicLong received = new AtomicLong();
    private final BenchCrm crm = new BenchCrm();

    /** Prints its port and serves until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        BenchServer server = new BenchServer();
        try (ServerSocket socket = new ServerSocket(0, 512, InetAddress.getLoopbackAddress())) {
            System.out.println(socket.getLocalPort());
            System.out.flush();
            Thread accept = new Thread(() -> server.accept(socket));
            accept.setDaemon(true);
            accept.start();
            while (System.in.read() >= 0) {
                // The parent's end of the pipe closes when the parent ends.
            }
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread thread = new Thread(null, () -> serve(socket), "bench", 128 * 1024);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // The benchmark is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16384);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 65536);
            byte[] line = new byte[8192];
            while (true) {
                int length = line(in, line);
                if (length < 0) {
                    return;
                }
                String request = new String(line, 0, length, StandardCharsets.ISO_8859_1);
                int body = 0;
                for (length = line(in, line); length > 0; length = line(in, line)) {
                    if (length > 15 && (line[0] == 'C' || line[0] == 'c') && line[8] == 'L' | line[8] == 'l') {
                        String header = new String(line, 0, length, StandardCharsets.ISO_8859_1);
                        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                            body = Integer.parseInt(header.substring(15).strip());
                        }
                    }
                }
                byte[] sent = in.readNBytes(body);
                answer(request, sent, out);
            }
        } catch (IOException gone) {
            // The client has gone.
        }
    }

    private static int line(InputStream in, byte[] into) throws IOException {
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return -1;
            }
            if (b != '\r') {
                into[length++] = (byte) b;
            }
        }
        return length;
    }

    private void answer(String request, byte[] body, OutputStream out) throws IOException {
        String path = request.split(" ", 3)[1];
        if (path.startsWith("/api/agent/") || path.startsWith("/api/zapier/contacts")) {
            boolean post = request.startsWith("POST");
            send(out, post ? "201 Created" : "200 OK", post ? crm.post(path, body) : crm.get(path));
        } else if (path.startsWith("/load")) {
            send(out, BenchLoad.answer(path, crm::enrolments));
        } else if (path.startsWith("/reset")) {
            crm.reset();
            send(out, "{}");
        } else if (path.startsWith("/sink")) {
            if (path.startsWith("/sink-slow")) {
                LockSupport.parkNanos(20_000_000);
            }
            received.incrementAndGet();
            send(out, "{\"ok\":true}");
        } else if (path.startsWith("/count")) {
            send(out, Long.toString(received.get()));
        } else if (path.contains("auth/test")) {
            send(out, "{\"id\":\"ws_bench\",\"name\":\"Benchmark\"}");
        } else if (path.startsWith("/plain")) {
            send(out, page(newest.addAndGet(PAGE)));
        } else {
            send(out, page(newest.addAndGet(PAGE - OVERLAP)));
        }
    }

    private static void send(OutputStream out, String body) throws IOException {
        send(out, "200 OK", body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(OutputStream out, String status, byte[] body) throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nDate: " + date + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /** Newest first, each of about 475 bytes. */
    private static String page(long newest) {
        StringBuilder page = new StringBuilder(PAGE * 500).append('[');
        for (long number = newest; number > newest - PAGE; number--) {
            if (number < newest) {
                page.append(',');
            }
            String stamp = BEGIN.plusMillis(number).toString();
            page.append("{\"id\":\"cmbench").append(String.format("%014d", number));
            page.append("\",\"name\":\"Deal ")
                    .append(number)
                    .append("\",\"amount\":")
                    .append(number % 9000 + 0.5);
            page.append(
                    ",\"currency\":\"EUR\",\"stageId\":\"cmstage0000000000004\",\"stageName\":\"Won\",\"companyId\":");
            page.append("\"cmcompany00000000").append(number % 1000).append("\",\"companyName\":\"Company ");
            page.append(number % 1000).append("\",\"contactName\":\"Contact ").append(number % 5000);
            page.append("\",\"contactEmail\":\"contact").append(number % 5000);
            page.append(
                    "@example.com\",\"description\":\"A deal of the benchmark, with a sentence of usual length.\",");
            page.append("\"probability\":0.9,\"createdAt\":\"").append(stamp);
            page.append("\",\"updatedAt\":\"").append(stamp).append("\"}");
        }
        return page.append(']').toString();
    }
}
