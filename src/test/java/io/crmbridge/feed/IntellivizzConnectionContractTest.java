package io.crmbridge.feed;

import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.intellivizz.IntellivizzStandIn;
import java.time.Clock;

class IntellivizzConnectionContractTest extends CrmConnectionContractTest {

    @Override
    CrmStandIn standIn(Clock clock) {
        return new IntellivizzStandIn(clock);
    }
}
