package io.crmbridge.sandbox;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a fault distorts an answer: status, header and body. */
final class AnswerChange {
    private static final String JSON = "application/json";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final RowChange rows = new RowChange();
    private Integer status;
    private byte[] body;
    private String contentType = JSON;
    private boolean noDate;
    private Duration dateSkew = Duration.ZERO;
    private Integer truncateAt;

    void status(int code) {
        status = code;
    }

    void body(byte[] bytes, String type) {
        body = bytes;
        contentType = type;
    }

    void header(String name, String value) {
        headers.put(name, value);
    }

    void leaveOutDate() {
        noDate = true;
    }

    void moveDate(Duration skew) {
        dateSkew = skew;
    }

    void truncate(int bytes) {
        truncateAt = bytes;
    }

    RowChange rows() {
        return rows;
    }

    /** Whether another answer takes the place of the true one. */
    boolean replaces() {
        return status != null || body != null;
    }

    /** @param rowsIn the member of the answer that holds the record or the list, where it is not the answer itself */
    void applyTo(Context context, Instant now, String rowsIn) throws IOException {
        if (replaces()) {
            byte[] bytes = body != null ? body : Problem.bodyOf("The sandbox was told to answer %d.".formatted(status));
            context.status(status == null ? 200 : status)
                    .contentType(contentType)
                    .result(bytes);
        } else if (!rows.isNone()) {
            context.result(rows.apply(bodyOf(context), rowsIn));
        }
        if (noDate) {
            context.removeHeader("Date");
        } else {
            context.header("Date", Stamps.http(now.plus(dateSkew)));
        }
        headers.forEach(context::header);
        if (truncateAt != null) {
            WebServer.sendPart(context, bodyOf(context), truncateAt);
        }
    }

    private static byte[] bodyOf(Context context) throws IOException {
        InputStream result = context.resultInputStream();
        byte[] bytes = result == null ? new byte[0] : result.readAllBytes();
        context.result(new ByteArrayInputStream(new byte[0]));
        return bytes;
    }
}
