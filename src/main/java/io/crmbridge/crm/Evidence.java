package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a look-up tells of a write whose answer is missing.
 *
 * @param candidates records that may be what it made
 * @param absenceProven the list would show it if it were there
 * @param shared several writes may have led to one record, so it does not matter whether another one is known to have
 * @param how it was looked up, for people
 */
public record Evidence(List<JsonNode> candidates, boolean absenceProven, boolean shared, String how) {}
