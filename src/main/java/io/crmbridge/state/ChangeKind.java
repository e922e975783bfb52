package io.crmbridge.state;

/** What happened to a record, as far as it is known (header CamelCrmChange). */
public enum ChangeKind {
    /** Known to be new: its createdAt lies after the feed's start here, or the feed's whole history is proven. */
    CREATED,
    UPDATED,
    /** No longer listed, on feeds that list everything. */
    GONE;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static ChangeKind ofLabel(String label) {
        return valueOf(label.toUpperCase(java.util.Locale.ROOT));
    }
}
