package io.crmbridge.crm.oauth;

import io.crmbridge.crm.Credential;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.oauth.TokenAnswer.AppRefused;
import io.crmbridge.crm.oauth.TokenAnswer.GrantRefused;
import io.crmbridge.crm.oauth.TokenAnswer.Granted;
import io.crmbridge.crm.oauth.TokenAnswer.Passing;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.Tokens;
import io.crmbridge.state.Tokens.Claim;
import io.crmbridge.state.Tokens.Grant;
import io.crmbridge.state.Tokens.Issued;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection's grant: the access token that counts now, refreshed early and exactly once over all threads and processes on a
 * store. Thread-safe.
 */
public final class OAuthCredential implements Credential {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthCredential.class);
    private static final Duration EARLY = Duration.ofMinutes(5);
    /** A new token that is refused too is not helped by a newer one. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(50);

    private final String connection;
    /** Empty where refreshing is left to another process. */
    private final Optional<OAuthFlow> flow;

    private final Tokens tokens;
    private final Clock clock;
    private final ReentrantLock refreshing = new ReentrantLock();

    // Guarded by the lock.
    private Optional<CrmException> lastFailure = Optional.empty();
    private Instant quietUntil = Instant.MIN;
    private Duration pause = FIRST_PAUSE;
    /** New tokens that the store did not take yet; nobody has used them. */
    private Optional<Unsaved> unsaved = Optional.empty();

    private long renewedVersion = -1;
    private Instant renewedAt = Instant.MIN;

    private record Unsaved(Claim claim, Issued issued) {}

    public OAuthCredential(String connection, OAuthFlow flow, Tokens tokens, Clock clock) {
        this(connection, Optional.of(flow), tokens, clock);
    }

    private OAuthCredential(String connection, Optional<OAuthFlow> flow, Tokens tokens, Clock clock) {
        this.connection = connection;
        this.flow = flow;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** For a command beside a running bridge, whose part refreshing is: takes what is in the store. */
    public static Credential reading(String connection, Tokens tokens, Clock clock) {
        return new OAuthCredential(connection, Optional.empty(), tokens, clock);
    }

    @Override
    public Secret current() {
        return overStore(() -> {
            Grant grant = valid();
            return secret(isDue(grant) ? refreshed(grant, isUsable(grant)) : grant);
        });
    }

    @Override
    public boolean renew(Secret refused) {
        return overStore(() -> {
            Grant grant = valid();
            if (!grant.issued().access().equals(refused.value())) {
                return true;
            }
            if (flow.isEmpty() || isRenewedJustNow(grant)) {
                return false;
            }
            Grant next = refreshed(grant, false);
            noteRenewed(next);
            return next.entry().version() != grant.entry().version();
        });
    }

    private boolean isRenewedJustNow(Grant grant) {
        refreshing.lock();
        try {
            return grant.entry().version() == renewedVersion && clock.instant().isBefore(renewedAt.plus(SOON));
        } finally {
            refreshing.unlock();
        }
    }

    private void noteRenewed(Grant next) {
        refreshing.lock();
        try {
            if (next.entry().version() != renewedVersion) {
                renewedVersion = next.entry().version();
                renewedAt = clock.instant();
            }
        } finally {
            refreshing.unlock();
        }
    }

    private static Secret secret(Grant grant) {
        return new Secret(grant.issued().access());
    }

    /** Callers know what to do about a CRM that fails, and not about a store. */
    private static <T> T overStore(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            throw new CrmException(
                    e.kind() == StoreException.Kind.UNUSABLE ? Verdict.REFUSED : Verdict.RETRY,
                    e.getMessage(),
                    Optional.empty(),
                    e);
        }
    }

    private Grant valid() {
        Grant grant = tokens.find(connection)
                .orElseThrow(() -> refused("consent is needed: run auth login --connection " + connection));
        if (grant.entry().state() == Tokens.State.CONSENT_NEEDED) {
            throw consentNeeded(grant.entry().reason().orElse("the grant has ended"));
        }
        return grant;
    }

    private CrmException consentNeeded(String reason) {
        return refused("consent is needed again: run auth login --connection %s (%s)".formatted(connection, reason));
    }

    private static CrmException refused(String message) {
        return new CrmException(Verdict.REFUSED, message, Optional.empty(), null, 401, false);
    }

    /** Less than five minutes, or a tenth of a shorter life, is left. */
    private boolean isDue(Grant grant) {
        return grant.issued()
                .expires()
                .filter(expires -> {
                    Duration tenth =
                            Duration.between(grant.issued().at(), expires).dividedBy(10);
                    Duration early = tenth.compareTo(EARLY) < 0 ? tenth : EARLY;
                    return !clock.instant().isBefore(expires.minus(early));
                })
                .isPresent();
    }

    private boolean isUsable(Grant grant) {
        return grant.issued()
                .expires()
                .filter(expires -> !clock.instant().isBefore(expires))
                .isEmpty();
    }

    /** @param usable the old token will do where there is no new one yet */
    private Grant refreshed(Grant seen, boolean usable) {
        if (flow.isEmpty() || seen.issued().refresh().isEmpty()) {
            if (usable) {
                return seen;
            }
            throw flow.isEmpty() ? leftToTheBridge() : ended(seen);
        }
        if (!usable) {
            refreshing.lock();
        } else if (!refreshing.tryLock()) {
            return seen;
        }
        try {
            return refreshedAlone(seen, flow.get(), usable);
        } finally {
            refreshing.unlock();
        }
    }

    private CrmException leftToTheBridge() {
        return new CrmException(
                Verdict.RETRY,
                "the access token of connection %s has run out, and the bridge on this store is the one that refreshes it: see whether it runs"
                        .formatted(connection));
    }

    private CrmException ended(Grant grant) {
        String reason = "the access token is not accepted any more, and there is no refresh token";
        tokens.consentNeeded(connection, grant.entry().version(), reason);
        return consentNeeded(reason);
    }

    private Grant refreshedAlone(Grant seen, OAuthFlow with, boolean usable) {
        save();
        Grant now = valid();
        if (now.entry().version() != seen.entry().version()) {
            return now;
        }
        if (clock.instant().isBefore(quietUntil) && lastFailure.isPresent()) {
            if (usable) {
                return now;
            }
            throw lastFailure.get();
        }
        long deadline = System.nanoTime() + with.longest().plusSeconds(5).toNanos();
        while (true) {
            Optional<Claim> claim = tokens.claim(connection, now.entry().version(), with.longest());
            if (claim.isPresent()) {
                return refresh(claim.get(), now, with, usable);
            }
            if (usable) {
                return now;
            }
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new CrmException(
                        Verdict.RETRY,
                        "another process refreshes the tokens of connection %s, and has not ended yet"
                                .formatted(connection));
            }
            LockSupport.parkNanos(LOOK_AGAIN);
            now = valid();
            if (now.entry().version() != seen.entry().version()) {
                return now;
            }
        }
    }

    private void save() {
        if (unsaved.isPresent()) {
            tokens.renewed(unsaved.get().claim(), unsaved.get().issued());
            unsaved = Optional.empty();
        }
    }

    private Grant refresh(Claim claim, Grant old, OAuthFlow with, boolean usable) {
        String refreshToken = old.issued().refresh().orElseThrow();
        boolean inDoubt = claim.inDoubt();
        boolean sentBefore = false;
        TokenAnswer answer = with.refresh(refreshToken);
        if (answer instanceof Passing passing && passing.noAnswer()) {
            LOG.warn("connection {}: {}; the refresh is tried once more", connection, passing.why());
            inDoubt = true;
            sentBefore = true;
            answer = with.refresh(refreshToken);
        }
        if (answer instanceof Granted granted) {
            unsaved = Optional.of(new Unsaved(claim, merged(old.issued(), granted.issued())));
            save();
            lastFailure = Optional.empty();
            pause = FIRST_PAUSE;
            return valid();
        }
        if (answer instanceof GrantRefused refused) {
            String reason = inDoubt
                    ? refused.why() + ": the answer to an earlier refresh was lost, and its refresh token worked once"
                    : refused.why() + ": the grant was revoked, or has ended";
            tokens.consentNeeded(connection, claim.version(), reason);
            LOG.error("connection {}: consent is needed again: {}", connection, reason);
            // Another process that was slower than its claim may have got the new tokens meanwhile.
            return valid();
        }
        if (answer instanceof AppRefused refused) {
            tokens.release(claim, sentBefore);
            return failed(with.appRefused(refused.why()), old, usable);
        }
        Passing passing = (Passing) answer;
        tokens.release(claim, sentBefore || passing.maybeUsed());
        return failed(
                new CrmException(
                        passing.retryAfter().isPresent() ? Verdict.WAIT : Verdict.RETRY,
                        "the tokens of connection %s could not be refreshed: %s".formatted(connection, passing.why()),
                        passing.retryAfter(),
                        null),
                old,
                usable);
    }

    /** The token endpoint is left alone for a while that grows. */
    private Grant failed(CrmException failure, Grant old, boolean usable) {
        Duration wait = failure.verdict() == Verdict.REFUSED ? LONGEST_PAUSE : pause;
        wait = failure.retryAfter().filter(asked -> asked.compareTo(pause) > 0).orElse(wait);
        quietUntil = clock.instant().plus(wait);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        lastFailure = Optional.of(failure);
        if (!usable) {
            throw failure;
        }
        LOG.warn(
                "{}; the access token will do until {}",
                failure.getMessage(),
                old.entry().expires().orElseThrow());
        return old;
    }

    /** What an answer leaves out stays as it was. Whose grant it is, the consent told; an answer may name the agency alone. */
    private static Issued merged(Issued old, Issued fresh) {
        return new Issued(
                fresh.access(),
                fresh.refresh().or(old::refresh),
                fresh.at(),
                fresh.expires(),
                fresh.scopes().isEmpty() ? old.scopes() : fresh.scopes(),
                old.identity().isEmpty() ? fresh.identity() : old.identity(),
                old.userType().isEmpty() ? fresh.userType() : old.userType());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "OAuthCredential[" + connection + "]";
    }
}
