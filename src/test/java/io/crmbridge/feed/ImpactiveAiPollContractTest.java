package io.crmbridge.feed;

import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.impactiveai.ImpactiveAiStandIn;
import java.time.Clock;

class ImpactiveAiPollContractTest extends CrmPollContractTest {

    @Override
    CrmStandIn standIn(Clock clock) {
        return new ImpactiveAiStandIn(clock);
    }
}
