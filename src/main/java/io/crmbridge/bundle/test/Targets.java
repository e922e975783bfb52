package io.crmbridge.bundle.test;

/** Names of targets, as routes write them and as a recorder tells them. */
final class Targets {
    private Targets() {}

    /** Without options, and in one form. */
    static String name(String written) {
        if (written.equals("sql") || written.startsWith("sql:")) {
            return "sql";
        }
        int query = written.indexOf('?');
        String path = query < 0 ? written : written.substring(0, query);
        return path.startsWith("http:") || path.startsWith("https:") ? path : path.replaceFirst("://", ":");
    }
}
