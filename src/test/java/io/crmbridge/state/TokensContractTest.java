package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.state.Tokens.Claim;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.state.Tokens.Issued;
import io.crmbridge.state.Tokens.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every backend does with OAuth grants. */
abstract class TokensContractTest extends StoreContract {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Everything in the tokens' table, as whoever steals the database sees it. */
    protected abstract String dump() throws Exception;

    /** Puts one connection's access token into the row of another one. */
    protected abstract void swap(String from, String to) throws Exception;

    private Issued issued(String access) {
        return new Issued(
                access,
                Optional.of("refresh-of-" + access),
                clock.instant(),
                Optional.of(clock.instant().plusSeconds(3600)),
                Set.of("contacts.write", "contacts.read"),
                "loc1",
                "Location");
    }

    private String access() {
        return store.tokens().find("default").orElseThrow().issued().access();
    }

    private Entry entry() {
        return store.tokens().find("default").orElseThrow().entry();
    }

    @Test
    void a_grant_is_there_after_a_restart() {
        assertThat(store.tokens().find("default")).isEmpty();

        Entry saved = store.tokens().save("default", "app", issued("a1"));
        reopen();

        assertThat(store.tokens().find("default")).hasValueSatisfying(grant -> {
            assertThat(grant.issued()).isEqualTo(issued("a1"));
            assertThat(grant.entry()).isEqualTo(saved);
        });
        assertThat(store.tokens().all()).containsExactly(saved);
        assertThat(saved.state()).isEqualTo(State.VALID);
        assertThat(saved.version()).isEqualTo(1);
    }

    @Test
    void a_grant_without_a_refresh_token_and_an_expiry_is_kept_as_it_is() {
        Issued bare = new Issued("a1", Optional.empty(), clock.instant(), Optional.empty(), Set.of(), "", "");
        store.tokens().save("default", "app", bare);

        assertThat(store.tokens().find("default").orElseThrow().issued()).isEqualTo(bare);
    }

    @Test
    void nobody_who_has_the_database_alone_can_read_a_token() throws Exception {
        store.tokens().save("default", "app", issued("s3cret-token"));

        assertThat(dump()).contains("loc1").doesNotContain("s3cret").doesNotContain("refresh-of");
    }

    @Test
    void nothing_shows_a_token() {
        store.tokens().save("default", "app", issued("s3cret-token"));

        assertThat(store.tokens().find("default").toString())
                .contains("loc1")
                .doesNotContain("s3cret")
                .doesNotContain("refresh-of");
    }

    @Test
    void a_token_in_the_row_of_another_connection_is_not_taken() throws Exception {
        store.tokens().save("default", "app", issued("a1"));
        store.tokens().save("other", "app", issued("b1"));
        swap("default", "other");

        assertThatThrownBy(() -> store.tokens().find("other"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be read with the key");
        assertThat(access()).isEqualTo("a1");
    }

    @Test
    void one_at_a_time_may_refresh_and_the_others_see_what_it_got() {
        store.tokens().save("default", "app", issued("a1"));
        try (Store other = attachStore()) {
            Claim mine = store.tokens().claim("default", 1, LONG).orElseThrow();
            assertThat(mine.inDoubt()).isFalse();
            assertThat(other.tokens().claim("default", 1, LONG)).isEmpty();

            assertThat(store.tokens().renewed(mine, issued("a2"))).isTrue();

            assertThat(other.tokens().claim("default", 1, LONG))
                    .as("of an older version")
                    .isEmpty();
            assertThat(other.tokens().find("default").orElseThrow().issued().access())
                    .isEqualTo("a2");
            assertThat(other.tokens().claim("default", 2, LONG))
                    .hasValueSatisfying(claim -> assertThat(claim.inDoubt()).isFalse());
        }
    }

    @Test
    void the_right_of_one_who_died_ends_by_itself_and_leaves_a_doubt() {
        store.tokens().save("default", "app", issued("a1"));
        try (Store other = attachStore()) {
            Claim dead =
                    other.tokens().claim("default", 1, Duration.ofMillis(300)).orElseThrow();
            assertThat(dead.inDoubt()).isFalse();
        }
        assertThat(store.tokens().claim("default", 1, LONG)).isEmpty();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            clock.forward(Duration.ofMillis(50));
            assertThat(store.tokens().claim("default", 1, LONG))
                    .hasValueSatisfying(claim -> assertThat(claim.inDoubt()).isTrue());
        });
    }

    @Test
    void one_who_comes_back_late_with_new_tokens_is_believed_unless_there_are_newer_ones() {
        store.tokens().save("default", "app", issued("a1"));
        Claim late = store.tokens().claim("default", 1, Duration.ZERO).orElseThrow();
        store.tokens().consentNeeded("default", 1, "the refresh token was refused");

        assertThat(store.tokens().renewed(late, issued("a2"))).isTrue();
        assertThat(entry().state()).isEqualTo(State.VALID);
        assertThat(store.tokens().renewed(late, issued("a3"))).isFalse();
        assertThat(access()).isEqualTo("a2");
    }

    @Test
    void what_was_surely_not_sent_leaves_no_doubt_and_what_may_have_been_does() {
        store.tokens().save("default", "app", issued("a1"));
        store.tokens().release(store.tokens().claim("default", 1, LONG).orElseThrow(), false);
        Claim second = store.tokens().claim("default", 1, LONG).orElseThrow();
        assertThat(second.inDoubt()).isFalse();

        store.tokens().release(second, true);

        assertThat(store.tokens().claim("default", 1, LONG).orElseThrow().inDoubt())
                .isTrue();
    }

    @Test
    void when_consent_is_needed_nobody_refreshes_until_there_is_one() {
        store.tokens().save("default", "app", issued("a1"));
        store.tokens().consentNeeded("default", 1, "revoked");
        reopen();

        assertThat(entry().state()).isEqualTo(State.CONSENT_NEEDED);
        assertThat(entry().reason()).contains("revoked");
        assertThat(store.tokens().claim("default", 1, LONG)).isEmpty();

        store.tokens().save("default", "app", issued("b1"));

        assertThat(entry().state()).isEqualTo(State.VALID);
        assertThat(entry().reason()).isEmpty();
        store.tokens().consentNeeded("default", 1, "told late of the tokens before");
        assertThat(entry().state()).isEqualTo(State.VALID);
    }

    @Test
    void a_consent_during_a_refresh_counts_more_than_its_answer() {
        store.tokens().save("default", "app", issued("a1"));
        Claim claim = store.tokens().claim("default", 1, LONG).orElseThrow();
        store.tokens().remove("default");
        store.tokens().save("default", "app", issued("b1"));

        assertThat(store.tokens().renewed(claim, issued("a2"))).isFalse();
        assertThat(access()).isEqualTo("b1");
    }

    @Test
    void a_consent_of_another_location_does_not_take_the_place_of_the_one_that_is_there() {
        store.tokens().save("default", "app", issued("a1"));
        Issued other =
                new Issued("b1", Optional.empty(), clock.instant(), Optional.empty(), Set.of(), "loc2", "Location");

        assertThatThrownBy(() -> store.tokens().save("default", "app", other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("has the grant of loc1, and this one is of loc2");
        assertThat(access()).isEqualTo("a1");

        store.tokens().remove("default");
        store.tokens().save("default", "app", other);
        assertThat(access()).isEqualTo("b1");
    }

    @Test
    void what_is_removed_is_gone() {
        store.tokens().save("default", "app", issued("a1"));

        assertThat(store.tokens().remove("default")).isTrue();
        assertThat(store.tokens().remove("default")).isFalse();
        assertThat(store.tokens().all()).isEqualTo(List.of());
        assertThat(store.tokens().find("default")).isEmpty();
    }

    @Test
    void a_command_hands_a_grant_over_without_showing_it() {
        Entry saved;
        try (Store command = attachStore()) {
            String text = command.tokens().seal("default", "app", issued("s3cret"));
            assertThat(text).doesNotContain("s3cret").matches("[A-Za-z0-9+/=]+");
            saved = store.tokens().saveSealed(text);
        }

        assertThat(store.tokens().find("default").orElseThrow().issued()).isEqualTo(issued("s3cret"));
        assertThat(entry()).isEqualTo(saved);
        assertThatThrownBy(() -> store.tokens().saveSealed("AAAA"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be read with the key");
    }
}
