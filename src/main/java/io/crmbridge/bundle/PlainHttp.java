package io.crmbridge.bundle;

import io.crmbridge.crm.oauth.OAuthApp;
import java.net.URI;
import java.util.List;

/** Credentials and signed records that would go over the network in the clear; what goes to this machine may. */
final class PlainHttp {
    private static final List<String> CREDENTIALS =
            List.of("authUsername", "authPassword", "authBearerToken", "oauth2ClientSecret");

    private PlainHttp() {}

    static void check(Subject subject) {
        BridgeConfig config = subject.config();
        for (String hook : config.hooks()) {
            String prefix = "bridge.hook." + hook;
            if (config.value(prefix + ".secret").isPresent()
                    && config.value(prefix + ".url")
                            .filter(PlainHttp::isInTheClear)
                            .isPresent()) {
                warn(subject, prefix + ".url", "records and their signature would go over the network in the clear");
            }
        }
        config.crm().connectionTypes().forEach((name, type) -> {
            String key = "bridge.connection." + name + ".base-url";
            if (type.equals("impactiveai")
                    && config.value(key).filter(PlainHttp::isInTheClear).isPresent()) {
                warn(subject, key, "records and the key would go over the network in the clear");
            }
        });
        for (Use use : subject.uses()) {
            boolean secret = CREDENTIALS.stream().anyMatch(use::has);
            if (use.is("http") && secret && isInTheClear(use.base())) {
                subject.report()
                        .warning(
                                Code.PLAIN_HTTP,
                                use.finding("credentials would go over the network in the clear: write https"));
            }
        }
    }

    private static void warn(Subject subject, String key, String why) {
        subject.report().property(Code.PLAIN_HTTP, true, key, "%s is not https: %s".formatted(key, why));
    }

    private static boolean isInTheClear(String url) {
        try {
            URI uri = URI.create(url);
            return "http".equals(uri.getScheme()) && !OAuthApp.isLoopback(uri);
        } catch (IllegalArgumentException e) {
            // What is no URL is told where it is read.
            return false;
        }
    }
}
