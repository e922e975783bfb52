package io.crmbridge.crm;

import java.net.URI;

/**
 * One CRM workspace as configured: {@code bridge.connection.<name>.*}.
 *
 * @param baseUrl without a path's trailing slash, for example {@code https://app.impactiveai.com}
 */
public record Connection(String name, String type, URI baseUrl, Credential credential) {
    public Connection(String name, String type, URI baseUrl, Secret apiKey) {
        this(name, type, baseUrl, Credential.of(apiKey));
    }
}
