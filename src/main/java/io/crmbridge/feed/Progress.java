package io.crmbridge.feed;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Verdict;
import java.util.HashSet;
import java.util.Set;

/** Whether a list that comes in pages ever ends: a page that is followed by another one shows something new. */
final class Progress {
    private final FeedContract contract;
    private final Set<String> shown = new HashSet<>();

    Progress(FeedContract contract) {
        this.contract = contract;
    }

    /** @throws CrmException of verdict BROKEN when the list goes round in a circle */
    void check(Page page) {
        boolean goesOn = false;
        for (Row row : page.rows()) {
            goesOn |= shown.add(row.mark());
        }
        if (!goesOn && page.next().isPresent()) {
            throw new CrmException(
                    Verdict.BROKEN,
                    "%s: a page shows what those before it showed, and says that there is another one: the list does not go on"
                            .formatted(contract.path()));
        }
    }

    /** What was shown before is not shown again by a list that goes on. */
    void forget() {
        shown.clear();
    }
}
