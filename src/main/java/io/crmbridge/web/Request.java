package io.crmbridge.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** What somebody asks of a {@link WebServer.Taker}. Its body can be read once. */
public final class Request {
    /** What a proxy adds: whoever stands behind it may be anywhere. */
    private static final List<String> FORWARDED =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

    private static final long READ_ON = 8 << 20;

    private final Context context;

    Request(Context context) {
        this.context = context;
    }

    public String method() {
        return context.method().name();
    }

    /** What stands in the path where the taker's has {@code {name}}. */
    public String name() {
        return context.pathParam("name");
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** The first value of a parameter of the query. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(context.queryParam(name));
    }

    /** Whether it comes from this machine, to a loopback host, and through no proxy. */
    public boolean isLocal() {
        try {
            return InetAddress.getByName(context.ip()).isLoopbackAddress()
                    && WebServer.isLoopback(context.host())
                    && FORWARDED.stream().allMatch(header -> context.header(header) == null);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Empty when it is larger than {@code most} bytes. */
    public Optional<byte[]> body(int most) throws IOException {
        try (InputStream body = context.bodyInputStream()) {
            if (context.req().getContentLengthLong() <= most) {
                byte[] read = body.readNBytes(most + 1);
                if (read.length <= most) {
                    return Optional.of(read);
                }
            }
            // A sender that is cut off while it still writes would not see the answer.
            byte[] rest = new byte[1 << 16];
            long more = 0;
            int read;
            while (more <= Math.max(READ_ON, most) && (read = body.read(rest)) >= 0) {
                more += read;
            }
            return Optional.empty();
        }
    }
}
