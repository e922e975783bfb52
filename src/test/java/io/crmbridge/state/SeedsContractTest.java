package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.state.Seeds.Contact;
import io.crmbridge.state.Seeds.Loading;
import io.crmbridge.state.Seeds.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every backend does with exports of all contacts. */
abstract class SeedsContractTest extends StoreContract {
    private static final Instant EXPORTED = Instant.parse("2026-01-01T10:00:00Z");

    private Seed load(Instant exportedAt, Contact... contacts) {
        try (Loading loading = store.seeds().begin(source.id(), exportedAt)) {
            loading.add(List.of(contacts));
            return loading.finish();
        }
    }

    private static Contact contact(String address, String id) {
        return new Contact(address, id);
    }

    private Set<String> ids(String address) {
        return store.seeds().find(source.id(), address).orElseThrow().ids();
    }

    @Test
    void an_address_tells_its_contacts_also_after_a_restart() {
        assertThat(store.seeds().find(source.id(), "a@example.com")).isEmpty();
        Seed loaded = load(
                EXPORTED,
                contact("a@example.com", "1"),
                contact("b@example.com", "2"),
                contact("b@example.com", "3"),
                contact("c@example.com", Seeds.NO_ID));
        reopen();

        assertThat(loaded).isEqualTo(new Seed(loaded.id(), EXPORTED, 4, clock.instant()));
        assertThat(store.seeds().of(source.id())).contains(loaded);
        assertThat(ids("a@example.com")).containsExactly("1");
        assertThat(ids("b@example.com")).containsExactlyInAnyOrder("2", "3");
        assertThat(ids("c@example.com")).containsExactly(Seeds.NO_ID);
        assertThat(ids("d@example.com")).isEmpty();
        assertThat(store.seeds()
                        .find(source.id(), "a@example.com")
                        .orElseThrow()
                        .seed())
                .isEqualTo(loaded);
    }

    @Test
    void a_contact_that_comes_twice_is_there_once() {
        try (Loading loading = store.seeds().begin(source.id(), EXPORTED)) {
            loading.add(List.of(contact("a@example.com", "1"), contact("a@example.com", "1")));
            loading.add(List.of(contact("a@example.com", "1")));
            assertThat(loading.finish().contacts()).isEqualTo(1);
        }
    }

    @Test
    void a_half_loaded_one_counts_for_nothing_and_leaves_the_one_before() {
        load(EXPORTED, contact("a@example.com", "1"));
        try (Loading loading = store.seeds().begin(source.id(), EXPORTED.plusSeconds(1))) {
            loading.add(List.of(contact("a@example.com", "2"), contact("b@example.com", "3")));
            assertThat(ids("a@example.com")).containsExactly("1");
            assertThat(ids("b@example.com")).isEmpty();
        }
        assertThat(ids("a@example.com")).containsExactly("1");
        assertThat(store.seeds().of(source.id()).orElseThrow().exportedAt()).isEqualTo(EXPORTED);
    }

    @Test
    void one_that_a_kill_left_half_loaded_is_swept_by_the_next() {
        Loading killed = store.seeds().begin(source.id(), EXPORTED);
        killed.add(List.of(contact("a@example.com", "1")));
        reopen();

        assertThat(store.seeds().of(source.id())).isEmpty();
        load(EXPORTED, contact("b@example.com", "2"));
        assertThat(ids("a@example.com")).isEmpty();
    }

    @Test
    void a_later_one_takes_the_place_of_the_one_before_as_a_whole() {
        load(EXPORTED, contact("a@example.com", "1"), contact("b@example.com", "2"));
        load(EXPORTED.plusSeconds(1), contact("b@example.com", "9"));

        assertThat(ids("a@example.com")).isEmpty();
        assertThat(ids("b@example.com")).containsExactly("9");
    }

    @Test
    void of_two_that_are_loaded_at_once_the_one_begun_first_is_given_up_when_the_other_is_done() {
        try (Loading first = store.seeds().begin(source.id(), EXPORTED)) {
            first.add(List.of(contact("a@example.com", "1")));
            load(EXPORTED, contact("b@example.com", "2"));
            List<Contact> more = List.of(contact("c@example.com", "3"));

            assertThatThrownBy(() -> first.add(more)).hasMessageContaining("loaded meanwhile");
            assertThatThrownBy(first::finish).hasMessageContaining("loaded meanwhile");
        }
        assertThat(ids("a@example.com")).isEmpty();
        assertThat(ids("b@example.com")).containsExactly("2");
    }

    @Test
    void a_command_loads_one_beside_the_running_bridge() {
        try (Store command = attachStore();
                Loading loading = command.seeds().begin(source.id(), EXPORTED)) {
            loading.add(List.of(contact("a@example.com", "1")));
            loading.finish();
        }
        assertThat(ids("a@example.com")).containsExactly("1");
    }

    @Test
    void another_connection_knows_nothing_of_it() {
        Source other = store.sources().source("other", "impactiveai");
        load(EXPORTED, contact("a@example.com", "1"));

        assertThat(store.seeds().find(other.id(), "a@example.com")).isEmpty();
        assertThat(store.seeds().of(other.id())).isEmpty();
    }

    @Test
    void many_are_replaced_as_one_is() {
        int many = 20_001;
        try (Loading loading = store.seeds().begin(source.id(), EXPORTED)) {
            loading.add(IntStream.range(0, many)
                    .mapToObj(i -> contact("c%d@example.com".formatted(i), "c" + i))
                    .toList());
            assertThat(loading.finish().contacts()).isEqualTo(many);
        }
        assertThat(ids("c20000@example.com")).containsExactly("c20000");
        load(EXPORTED, contact("c0@example.com", "c0"));
        assertThat(IntStream.range(1, 100)
                        .filter(i -> !ids("c%d@example.com".formatted(i)).isEmpty()))
                .isEmpty();
    }

    @Test
    void what_was_changed_up_to_a_little_before_the_export_stands_in_it() {
        Seed seed = new Seed(1, EXPORTED, 0, EXPORTED);

        assertThat(seed.covers(EXPORTED.minus(Duration.ofMinutes(5)))).isTrue();
        assertThat(seed.covers(EXPORTED.minus(Duration.ofMinutes(5)).plusMillis(1)))
                .isFalse();
    }
}
