package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.mock.MockEndpoint;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What routes in Java do with changes. */
@Timeout(60)
class FeedRouteTest extends FeedRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void a_body_is_maps_and_lists_that_simple_walks_through() throws Exception {
        MockEndpoint cities = getMockEndpoint("mock:cities");
        cities.expectedBodiesReceived("Köln, vip, created");

        create("contacts", Map.of("address", Map.of("city", "Köln"), "tags", List.of("new", "vip")));

        cities.assertIsSatisfied();
    }

    @Test
    void a_body_can_be_changed_by_a_step_and_the_log_keeps_the_record() throws Exception {
        MockEndpoint deals = getMockEndpoint("mock:deals");
        deals.whenAnyExchangeReceived(exchange -> body(exchange).put("name", "changed"));
        deals.expectedMessageCount(1);
        String id = create("deals", Map.of("name", "First"));
        deals.assertIsSatisfied();

        workspace.update("deals", id, Map.of("amount", 7));
        poll("deals");

        await().untilAsserted(() -> assertThat(deals.getExchanges()).hasSize(2));
        assertThat(deals.getExchanges().get(1).getProperty("crmPrevious", Map.class))
                .containsEntry("name", "First");
    }

    @Test
    void a_route_compares_with_the_version_before() throws Exception {
        MockEndpoint stages = getMockEndpoint("mock:stages");
        stages.expectedBodiesReceived(" to New", "New to Won");

        String id = create("deals", Map.of("name", "Deal"));
        for (Map<String, Object> fields :
                List.<Map<String, Object>>of(Map.of("amount", 7), Map.of("stageName", "Won"), Map.of("amount", 8))) {
            workspace.update("deals", id, fields);
            poll("deals");
        }

        awaitDelivered("stages", 4);
        stages.assertIsSatisfied();
    }

    @Test
    void a_record_from_before_that_was_never_seen_is_updated_and_seen_for_the_first_time() throws Exception {
        MockEndpoint companies = getMockEndpoint("mock:companies");
        companies.expectedMessageCount(3);

        workspace.update("companies", "c0", Map.of("name", "Beyond the first page"));
        poll("companies");
        workspace.update("companies", "c100", Map.of("name", "On the first page"));
        poll("companies");
        create("companies", Map.of("name", "New"));

        companies.assertIsSatisfied();
        assertThat(companies.getExchanges())
                .extracting(
                        e -> e.getMessage().getHeader("CamelCrmChange"),
                        e -> e.getMessage().getHeader("CamelCrmFirstSeen"))
                .containsExactly(tuple("updated", true), tuple("updated", null), tuple("created", true));
    }

    @Test
    void a_batch_is_a_list_of_the_allowed_fields_with_the_numbers_of_its_changes() throws Exception {
        for (int i = 1; i <= 12; i++) {
            workspace.create("invoices", Map.of("number", "N" + i, "total", i, "status", "open"));
        }
        poll("invoices");
        awaitDelivered("invoices", 12);

        List<Exchange> batches = getMockEndpoint("mock:invoices").getExchanges();
        assertThat(batches).hasSize(2);
        List<Object> numbers = new ArrayList<>();
        for (Exchange exchange : batches) {
            Message message = exchange.getMessage();
            assertThat(message.getBody()).isInstanceOf(List.class);
            List<?> records = message.getBody(List.class);
            assertThat(records)
                    .allSatisfy(record -> assertThat(record)
                            .asInstanceOf(InstanceOfAssertFactories.MAP)
                            .containsOnlyKeys("number", "total"));
            records.forEach(record -> numbers.add(((Map<?, ?>) record).get("number")));
            assertThat(message.getHeader("CamelCrmBatchCount")).isEqualTo(records.size());
            assertThat(message.getHeader("CamelCrmBatchLast", Long.class)
                            - message.getHeader("CamelCrmBatchFirst", Long.class))
                    .isEqualTo(records.size() - 1);
            assertThat(message.getHeaders())
                    .containsEntry("CamelCrmFeed", "invoices")
                    .containsKey("CamelCrmIdempotencyKey")
                    .doesNotContainKeys("CamelCrmRecordId", "CamelCrmChange", "CamelCrmFirstSeen");
        }
        assertThat(numbers).containsExactly("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10", "N11", "N12");
    }

    @Test
    void a_step_converts_the_body_to_the_json_that_the_crm_wrote() throws Exception {
        MockEndpoint projects = getMockEndpoint("mock:projects");
        projects.expectedMessageCount(1);

        String id = create(
                "projects",
                Map.of("name", "Grüße \"😀\"\n", "budget", 0.1, "hours", 9_007_199_254_740_993L, "tags", List.of()));
        projects.assertIsSatisfied();

        JsonNode asListed = JSON.readTree(JSON.writeValueAsBytes(workspace.get("projects", id)));
        Exchange exchange = projects.getExchanges().get(0);
        assertThat(exchange.getMessage().getBody()).isInstanceOf(String.class);
        assertThat(JSON.readTree(exchange.getMessage().getBody(String.class))).isEqualTo(asListed);
        assertThat(exchange.getProperty("text")).isEqualTo(exchange.getMessage().getBody());
        assertThat(JSON.readTree(exchange.getProperty("bytes", byte[].class))).isEqualTo(asListed);
        assertThat(new String(exchange.getProperty("bytes", byte[].class), StandardCharsets.UTF_8))
                .isEqualTo(exchange.getProperty("text"));
        assertThat(exchange.getProperty("tree")).isInstanceOf(JsonNode.class);
        assertThat(JSON.readTree(exchange.getProperty("tree").toString())).isEqualTo(asListed);
    }

    @Test
    void an_amount_is_compared_as_a_number() throws Exception {
        MockEndpoint deals = getMockEndpoint("mock:deals");
        deals.expectedMessageCount(1);
        create("deals", Map.of("amount", new BigDecimal("1000000.50"), "discount", new BigDecimal("12.5")));
        deals.assertIsSatisfied();

        Exchange exchange = deals.getExchanges().get(0);
        assertPredicate("simple", "${body[amount]} > 999999", exchange, true);
        assertPredicate("simple", "${body[amount]} > 1000000.4", exchange, true);
        assertPredicate("simple", "${body[amount]} > 1000000.6", exchange, false);
        assertPredicate("simple", "${body[discount]} == 12.5", exchange, true);
        assertPredicate("simple", "${body[discount]} < 9", exchange, false);
    }
}
