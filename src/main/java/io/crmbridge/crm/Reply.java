package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a CRM answered to a call.
 *
 * @param body a missing node where the answer has none
 * @param date the answer's Date header: the CRM's clock, to the second
 */
public record Reply(JsonNode body, Optional<Instant> date) {}
