package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One file of tests/.
 *
 * @param file relative to the bundle
 * @param route that all of its tests are of
 */
record TestFile(String file, String route, List<Case> cases) {

    /**
     * One test.
     *
     * @param properties over those of application.properties
     * @param known rows of what the CRMs have, by resource
     * @param given what comes in, in its order
     * @param expect what is sent; empty: nobody asks
     * @param failed how the route ends, where it is to fail
     * @param because a part of the reason
     */
    record Case(
            String name,
            int line,
            Instant now,
            Map<String, String> properties,
            JsonNode known,
            List<JsonNode> given,
            List<JsonNode> answers,
            Optional<List<JsonNode>> expect,
            boolean unordered,
            Optional<String> failed,
            Optional<String> because) {}
}
