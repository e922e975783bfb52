package io.crmbridge.component.impactiveai;

import io.crmbridge.component.MirrorIndex;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Seeds.Found;
import io.crmbridge.state.Seeds.Seed;
import io.crmbridge.state.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the export of all contacts tells of one address. */
final class SeededContacts {
    static final String ADVICE = "; an export of all contacts can tell (`leads seed`)";

    private final Store store;
    private final FeedState contacts;
    private final MirrorIndex mirror;
    private final String address;
    private final Optional<Found> found;

    /**
     * @param address {@link MirrorIndex#plain}
     * @param found what an export tells of it; nothing where there is none, or contacts are found by another field
     */
    SeededContacts(Store store, FeedState contacts, MirrorIndex mirror, String address, Optional<Found> found) {
        this.store = store;
        this.contacts = contacts;
        this.mirror = mirror;
        this.address = address;
        this.found = found;
    }

    Optional<Seed> seed() {
        return found.map(Found::seed);
    }

    /** Those that may have the address still. */
    Set<String> ids() {
        return known(id -> mirror.mayHave(id, address));
    }

    private Set<String> known(Predicate<String> which) {
        return found.map(Found::ids).orElse(Set.of()).stream()
                .filter(id -> !id.equals(Seeds.NO_ID) && which.test(id))
                .collect(Collectors.toSet());
    }

    /** Why nobody but a person can say which contact it is, though there is one. */
    Optional<String> withoutId() {
        return found.filter(it -> it.ids().contains(Seeds.NO_ID))
                .map(it -> "a contact with this email stands in the export of %s, without its id"
                        .formatted(it.seed().exportedAt()));
    }

    /**
     * Why there may be one though none is found.
     *
     * @param gone contacts that the CRM does not know
     */
    Optional<String> doubt(Set<String> gone) {
        return withoutId().or(() -> unknownToTheCrm(gone)).or(this::elsewhere);
    }

    /** Deleted, or its id in the export is another one than in the API. */
    private Optional<String> unknownToTheCrm(Set<String> gone) {
        Set<String> strange =
                known(id -> gone.contains(id) && !mirror.ids(address).contains(id));
        return strange.stream()
                .findFirst()
                .map(id -> "contact %s has this email in the export of %s, and the CRM knows no such contact now"
                        .formatted(id, exportedAt()));
    }

    /** The mirror knows it with another address, and may be older than the export. */
    private Optional<String> elsewhere() {
        Set<String> ids = known(id -> !mirror.mayHave(id, address));
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        List<Long> versions = store.log().mirror(contacts.id(), ids).values().stream()
                .map(MirrorRow::seq)
                .toList();
        return store.log().get(versions).stream()
                .filter(version -> version.observedAt().isBefore(exportedAt()))
                .findFirst()
                .map(version ->
                        "contact %s has this email in the export of %s, and had another one when it was seen last before"
                                .formatted(version.recordId(), exportedAt()));
    }

    private Instant exportedAt() {
        return seed().orElseThrow().exportedAt();
    }
}
