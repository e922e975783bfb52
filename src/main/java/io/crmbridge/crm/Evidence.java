package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a look-up tells of a write whose answer is missing.
 *
 * @param candidates records that may be what it made
 * @param absenceProven the list would show it if it were there
 * @param how it was looked up, for people
 */
public record Evidence(List<JsonNode> candidates, boolean absenceProven, String how) {}
