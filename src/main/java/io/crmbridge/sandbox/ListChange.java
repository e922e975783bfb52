package io.crmbridge.sandbox;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** How a fault distorts a list. Unchanging once the fault is armed. */
public final class ListChange {
    static final ListChange NONE = new ListChange();

    private Integer cap;
    private boolean ignoreSince;
    private boolean reverse;
    private boolean wrap;

    void cap(int rows) {
        cap = rows;
    }

    void ignoreSince() {
        ignoreSince = true;
    }

    void reverse() {
        reverse = true;
    }

    void wrap() {
        wrap = true;
    }

    public boolean ignoresSince() {
        return ignoreSince;
    }

    boolean wraps() {
        return wrap;
    }

    public int cappedAt(int documented) {
        return cap == null ? documented : Math.min(cap, documented);
    }

    public List<Map<String, Object>> ordered(List<Map<String, Object>> rows) {
        if (!reverse) {
            return rows;
        }
        List<Map<String, Object>> reversed = new ArrayList<>(rows);
        Collections.reverse(reversed);
        return reversed;
    }
}
