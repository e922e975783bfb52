package io.crmbridge.component;

import java.util.ArrayList;
import java.util.Collection;

/** Several records as a route's body; Camel converts it as it does a {@link CrmRecord}. */
public final class CrmBatch extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;

    public CrmBatch() {}

    public CrmBatch(Collection<?> records) {
        super(records);
    }
}
