package io.crmbridge.sandbox;

import java.net.URI;
import java.util.Objects;

/** The inbox that forms are posted to. */
record FormTarget(URI uri) {
    static final FormTarget DEFAULT = new FormTarget(URI.create("http://127.0.0.1:8080/inbox/leads"));

    FormTarget {
        Objects.requireNonNull(uri, "inbox");
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(
                    "A form must be posted to an http or https address such as http://127.0.0.1:8080/inbox/leads, and not to '%s'."
                            .formatted(uri));
        }
    }

    /** As a content security policy names it; without what may stand in a path and end a directive. */
    String origin() {
        String host = uri.getScheme() + "://" + uri.getHost();
        return uri.getPort() < 0 ? host : host + ":" + uri.getPort();
    }

    /** For an attribute in double quotes. */
    String escaped() {
        return uri.toASCIIString()
                .replace("&", "&amp;")
                .replace("\"", "&quot;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
