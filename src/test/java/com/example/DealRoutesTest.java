package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.testkit.BridgeTestSupport;
import java.util.Map;
import org.apache.camel.RoutesBuilder;
import org.junit.jupiter.api.Test;

class DealRoutesTest extends BridgeTestSupport {
    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new DealRoutes();
    }

    @Test
    void a_deal_that_is_won_goes_to_the_erp() {
        create("deals", Map.of("name", "Roof", "stageName", "Won"));
        create("deals", Map.of("name", "Door", "stageName", "Lost"));
        awaitDelivered("won-deals", 2);

        assertThat(webhooks("erp"))
                .singleElement()
                .satisfies(call -> assertThat(call.text()).contains("Roof"));
    }
}
