/**
 * The CRMs: connections, HTTP, what an answer means, and each CRM's endpoints, shapes and feed contracts.
 *
 * <p>What the documents leave open is read tolerantly here, in one place, so that the rooms above see rows with an id
 * and a stamp and nothing else of an API.
 */
package io.crmbridge.crm;
