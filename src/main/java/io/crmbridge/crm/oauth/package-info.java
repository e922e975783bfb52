/**
 * OAuth 2.0 for connections whose app others install: consent, exchange of the code, and refreshing exactly once.
 *
 * <p>A refresh token works once, so two refreshes at a time lose the grant. Who refreshes holds a claim in the store, over
 * threads and processes, and new tokens are durable before they are used. What remains is the answer that is lost on its
 * way: then a person consents again, and is told why.
 */
package io.crmbridge.crm.oauth;
