package io.crmbridge.crm.impactiveai;

import io.crmbridge.crm.CrmFeedContractTest;
import io.crmbridge.crm.CrmStandIn;
import java.time.Clock;

class ImpactiveAiFeedContractTest extends CrmFeedContractTest {

    @Override
    protected CrmStandIn standIn(Clock clock) {
        return new ImpactiveAiStandIn(clock);
    }
}
