package io.crmbridge.feed;

import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.intellivizz.IntellivizzStandIn;
import java.time.Clock;

class IntellivizzPollContractTest extends CrmPollContractTest {

    @Override
    CrmStandIn standIn(Clock clock) {
        return new IntellivizzStandIn(clock);
    }
}
