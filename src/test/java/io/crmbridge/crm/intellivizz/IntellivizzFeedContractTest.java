package io.crmbridge.crm.intellivizz;

import io.crmbridge.crm.CrmFeedContractTest;
import io.crmbridge.crm.CrmStandIn;
import java.time.Clock;

class IntellivizzFeedContractTest extends CrmFeedContractTest {

    @Override
    protected CrmStandIn standIn(Clock clock) {
        return new IntellivizzStandIn(clock);
    }
}
