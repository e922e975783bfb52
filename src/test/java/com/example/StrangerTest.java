package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Workspace;
import io.crmbridge.testkit.BridgeTestSupport;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.RoutesBuilder;
import org.junit.jupiter.api.Test;

/** The rest of the test kit, from outside its package. */
class StrangerTest extends BridgeTestSupport {
    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new DealRoutes();
    }

    @Override
    protected Map<String, String> properties() {
        return Map.of("poll.delay", "30m");
    }

    @Override
    protected void seed(Workspace workspace) {
        workspace.create("deals", Map.of("name", "Before", "stageName", "Won"));
        workspace.create("companies", Map.of("name", "Acme"));
    }

    @Test
    void what_was_there_before_is_no_change_but_known() throws Exception {
        awaitDelivered("companies", 1);
        fire("count");

        assertThat(webhooks("erp")).isEmpty();
        assertThat(mails()).singleElement().satisfies(mail -> {
            assertThat(mail.recipients()).containsExactly("office@example.com");
            assertThat(mail.text()).contains("Acme");
        });
        assertThat(getMockEndpoint("mock:count").getExchanges())
                .singleElement()
                .extracting(exchange -> exchange.getMessage().getHeader("CamelCrmCount", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void an_update_is_a_change_and_a_refusal_is_a_dead_letter() {
        String deal = create("deals", Map.of("name", "Roof", "stageName", "New"));
        awaitDelivered("won-deals", 1);
        sandbox().receiver().answer(422);
        update("deals", deal, Map.of("stageName", "Won"));
        awaitDeadLetters("won-deals", 1);

        assertThat(webhooks("erp")).hasSize(1);
    }

    @Test
    void an_entry_of_an_inbox_becomes_a_contact_and_a_row() throws IOException {
        template().sendBody("inbox:signups", Map.of("email", "ann@example.com", "firstName", "Ann", "lastName", "Lee"));
        awaitDelivered("signups", 1);

        assertThat(workspace().all("contacts"))
                .singleElement()
                .satisfies(contact -> assertThat(contact).containsEntry("email", "ann@example.com"));
        assertThat(exports())
                .hasSize(1)
                .allSatisfy((file, text) -> assertThat(text).hasLineCount(2));
    }
}
