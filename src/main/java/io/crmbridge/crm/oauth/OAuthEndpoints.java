package io.crmbridge.crm.oauth;

import java.net.URI;

/**
 * Where a CRM does OAuth.
 *
 * @param authorize the page where a person consents
 * @param token where codes and refresh tokens are exchanged
 */
public record OAuthEndpoints(URI authorize, URI token) {}
