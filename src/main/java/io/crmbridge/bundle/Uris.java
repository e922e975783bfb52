package io.crmbridge.bundle;

/** Parts of a Camel address. */
final class Uris {
    private Uris() {}

    static String scheme(String uri) {
        int colon = uri.indexOf(':');
        return colon < 0 ? base(uri) : uri.substring(0, colon);
    }

    /** What stands behind the scheme. */
    static String path(String uri) {
        return uri.substring(uri.indexOf(':') + 1);
    }

    /** Without options. */
    static String base(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
