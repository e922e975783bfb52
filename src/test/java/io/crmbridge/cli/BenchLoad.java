package io.crmbridge.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Posts leads, one after the other on each of its connections, from the process that is not measured. */
final class BenchLoad {
    static final int CLIENTS = 32;
    /** After so long something is wrong. */
    private static final long LONGEST = 120_000_000_000L;

    /** Each lead is another one's, over the whole benchmark. */
    private static final AtomicLong NUMBER = new AtomicLong(10_000_000);

    private final int port;
    private final long[] nanos;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong firstAccepted = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * What came of it.
     *
     * @param accepted requests a second
     * @param all leads a second from the first 202 until the CRM had every enrolment
     * @param p50 of the time to a 202, in ms
     */
    record Result(double accepted, double all, double p50, double p99) {
        private static Result of(String line) {
            if (!Character.isDigit(line.charAt(0))) {
                throw new IllegalStateException("no leads were measured: " + line);
            }
            double[] parts = Arrays.stream(line.strip().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return new Result(parts[0], parts[1], parts[2], parts[3]);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f %.1f %.3f %.3f", accepted, all, p50, p99);
        }
    }

    private BenchLoad(int port, int count) {
        this.port = port;
        this.nanos = new long[count];
    }

    /** Has the benchmark's server post so many leads to a port, and waits until the CRM has so many enrolments in all. */
    static Result ask(String server, int port, int count, int enrolments) throws IOException {
        return Result.of(call(server, "/load/%d/%d/%d".formatted(port, count, enrolments)));
    }

    static String call(String server, String path) throws IOException {
        try (InputStream in = URI.create(server + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** @param path that {@link #ask} calls */
    static String answer(String path, IntSupplier enrolled) {
        int[] parts = Arrays.stream(path.split("/"))
                .skip(2)
                .mapToInt(Integer::parseInt)
                .toArray();
        try {
            return new BenchLoad(parts[0], parts[1]).run(parts[2], enrolled).toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private Result run(int enrolments, IntSupplier enrolled) throws Exception {
        long begun = System.nanoTime();
        Thread[] clients = new Thread[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = new Thread(null, this::client, "client", 128 * 1024);
            clients[i].start();
        }
        for (Thread client : clients) {
            client.join();
        }
        long accepted = System.nanoTime();
        if (failure.get() != null) {
            throw failure.get();
        }
        while (enrolled.getAsInt() < enrolments) {
            LockSupport.parkNanos(1_000_000);
            if (System.nanoTime() - accepted > LONGEST) {
                throw new TimeoutException("the CRM has %d of %d".formatted(enrolled.getAsInt(), enrolments));
            }
        }
        long all = System.nanoTime();
        Arrays.sort(nanos);
        return new Result(
                nanos.length * 1e9 / (accepted - begun),
                nanos.length * 1e9 / (all - firstAccepted.get()),
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6);
    }

    private void client() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] request = request(port);
            int digits = new String(request, StandardCharsets.ISO_8859_1).indexOf("00000000");
            byte[] answer = new byte[4096];
            for (int i = (int) next.getAndIncrement(); i < nanos.length; i = (int) next.getAndIncrement()) {
                long number = NUMBER.getAndIncrement();
                for (int at = digits + 7; at >= digits; at--) {
                    request[at] = (byte) ('0' + number % 10);
                    number /= 10;
                }
                long sent = System.nanoTime();
                out.write(request);
                read(in, answer);
                long now = System.nanoTime();
                nanos[i] = now - sent;
                if (firstAccepted.get() == Long.MAX_VALUE) {
                    firstAccepted.compareAndSet(Long.MAX_VALUE, now);
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private static byte[] request(int port) {
        String lead = "{\"email\":\"lead-00000000@bench.example.com\",\"firstName\":\"Annabel\",\"lastName\":\"Lee\","
                + "\"phone\":\"+14155552671\",\"source\":\"website, the landing page of the spring campaign, first form\"}";
        return ("POST /inbox/leads HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + lead.length() + "\r\n\r\n" + lead)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One whole answer, which must be a 202. */
    private static void read(InputStream in, byte[] answer) throws IOException {
        int length = 0;
        int end = -1;
        while (true) {
            int read = in.read(answer, length, answer.length - length);
            if (read < 0) {
                throw new EOFException("the connection ended");
            }
            length += read;
            if (end < 0) {
                end = end(answer, length);
            }
            if (end >= 0 && length >= end) {
                return;
            }
        }
    }

    /** Where the answer ends; -1 while its head is not whole. */
    private static int end(byte[] answer, int length) throws IOException {
        for (int i = 3; i < length; i++) {
            if (answer[i] == '\n' && answer[i - 2] == '\n') {
                String head = new String(answer, 0, i, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
                if (!head.startsWith("http/1.1 202")) {
                    throw new IOException("answered " + head.split("\r\n")[0]);
                }
                int at = head.indexOf("content-length:");
                return i
                        + 1
                        + Integer.parseInt(
                                head.substring(at + 15, head.indexOf('\r', at)).strip());
            }
        }
        return -1;
    }
}
