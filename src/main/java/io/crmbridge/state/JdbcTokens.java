package io.crmbridge.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.state.ColumnCrypto.Sealed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class JdbcTokens implements Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCESS = "access_token";
    private static final String REFRESH = "refresh_token";
    private static final String COMMAND = "command/argument";

    private static final String SAVE =
            "INSERT INTO token (connection, app, access_token, refresh_token, issued_at, expires_at, scopes, identity,"
                    + " user_type, state, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'VALID', 1)"
                    + " ON CONFLICT (connection) DO UPDATE SET app = excluded.app, access_token = excluded.access_token,"
                    + " refresh_token = excluded.refresh_token, issued_at = excluded.issued_at,"
                    + " expires_at = excluded.expires_at, scopes = excluded.scopes, identity = excluded.identity,"
                    + " user_type = excluded.user_type, state = excluded.state, reason = NULL,"
                    + " version = token.version + 1, begun = 0, claim = NULL, claimed_until = 0";

    private final Reader reader;
    private final Writer writer;
    private final Clock clock;
    private final ColumnCrypto crypto;

    JdbcTokens(Reader reader, Writer writer, Clock clock, StoreKey key) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
        this.crypto = new ColumnCrypto(key, this::sample);
    }

    private static String place(String connection, String column) {
        return "token/" + connection + "/" + column;
    }

    private Optional<Sealed> sample() {
        return reader.read(h -> h.select("SELECT connection, access_token FROM token ORDER BY connection LIMIT 1")
                .map((row, context) -> new Sealed(row.getBytes(ACCESS), place(row.getString("connection"), ACCESS)))
                .findOne());
    }

    @Override
    public List<Entry> all() {
        return reader.read(h -> h.select("SELECT * FROM token ORDER BY connection")
                .map((row, context) -> entry(row))
                .list());
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("connection"),
                row.getString("app"),
                Micros.instant(row.getLong("issued_at")),
                Micros.instant(row, "expires_at"),
                words(row.getString("scopes")),
                row.getString("identity"),
                row.getString("user_type"),
                State.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                row.getLong("version"));
    }

    private static Set<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
    }

    @Override
    public Optional<Grant> find(String connection) {
        record Row(Entry entry, byte[] access, byte[] refresh) {}
        Optional<Row> found = reader.read(h -> h.select("SELECT * FROM token WHERE connection = ?", connection)
                .map((row, context) -> new Row(entry(row), row.getBytes(ACCESS), row.getBytes(REFRESH)))
                .findOne());
        return found.map(row -> new Grant(
                row.entry(),
                new Issued(
                        crypto.decrypt(row.access(), place(connection, ACCESS)),
                        Optional.ofNullable(row.refresh())
                                .map(bytes -> crypto.decrypt(bytes, place(connection, REFRESH))),
                        row.entry().issued(),
                        row.entry().expires(),
                        row.entry().scopes(),
                        row.entry().identity(),
                        row.entry().userType())));
    }

    @Override
    public Entry save(String connection, String app, Issued issued) {
        byte[] access = crypto.encrypt(issued.access(), place(connection, ACCESS));
        byte[] refresh = refresh(connection, issued);
        return writer.full(h -> {
            h.select("SELECT * FROM token WHERE connection = ?", connection)
                    .map((row, context) -> entry(row))
                    .findOne()
                    .ifPresent(there -> refuseAnother(there, issued));
            h.execute(
                    SAVE,
                    connection,
                    app,
                    access,
                    refresh,
                    Micros.of(issued.at()),
                    Micros.of(issued.expires()),
                    String.join(" ", new TreeSet<>(issued.scopes())),
                    issued.identity(),
                    issued.userType());
            return h.select("SELECT * FROM token WHERE connection = ?", connection)
                    .map((row, context) -> entry(row))
                    .one();
        });
    }

    private static void refuseAnother(Entry there, Issued issued) {
        if (!there.identity().isEmpty()
                && !issued.identity().isEmpty()
                && !there.identity().equals(issued.identity())) {
            throw new StoreException(
                    StoreException.Kind.OTHER_WORKSPACE,
                    "connection \"%s\" has the grant of %s, and this one is of %s; nothing was changed. Choose %s when you consent, or give the other one a connection name of its own"
                            .formatted(there.connection(), there.identity(), issued.identity(), there.identity()));
        }
    }

    private byte[] refresh(String connection, Issued issued) {
        return issued.refresh()
                .map(text -> crypto.encrypt(text, place(connection, REFRESH)))
                .orElse(null);
    }

    @Override
    public boolean remove(String connection) {
        return writer.full(h -> h.execute("DELETE FROM token WHERE connection = ?", connection)) > 0;
    }

    @Override
    public Optional<Claim> claim(String connection, long version, Duration time) {
        String holder = UUID.randomUUID().toString();
        String now = writer.dialect().now(clock);
        // The count and the claim in one statement: what another process does between two of them would be missed.
        return writer.full(h -> h.select(
                        "UPDATE token SET claim = ?, claimed_until = " + now + " + ?, begun = begun + 1"
                                + " WHERE connection = ? AND version = ? AND state = 'VALID' AND claimed_until < " + now
                                + " RETURNING begun",
                        holder,
                        time.toNanos() / 1_000,
                        connection,
                        version)
                .mapTo(Long.class)
                .findOne()
                .map(begun -> new Claim(connection, version, holder, begun > 1)));
    }

    @Override
    public boolean renewed(Claim claim, Issued issued) {
        byte[] access = crypto.encrypt(issued.access(), place(claim.connection(), ACCESS));
        byte[] refresh = refresh(claim.connection(), issued);
        // Also when the claim has run out: these are the newest tokens that anybody knows.
        return writer.full(h -> h.execute(
                        "UPDATE token SET access_token = ?, refresh_token = ?, issued_at = ?, expires_at = ?, scopes = ?,"
                                + " identity = ?, user_type = ?, state = 'VALID', reason = NULL, version = version + 1,"
                                + " begun = 0, claim = NULL, claimed_until = 0 WHERE connection = ? AND version = ? AND begun > 0",
                        access,
                        refresh,
                        Micros.of(issued.at()),
                        Micros.of(issued.expires()),
                        String.join(" ", new TreeSet<>(issued.scopes())),
                        issued.identity(),
                        issued.userType(),
                        claim.connection(),
                        claim.version()))
                > 0;
    }

    @Override
    public void release(Claim claim, boolean sent) {
        writer.full(h -> h.execute(
                "UPDATE token SET begun = begun - ?, claimed_until = CASE WHEN claim = ? THEN 0 ELSE claimed_until END,"
                        + " claim = CASE WHEN claim = ? THEN NULL ELSE claim END WHERE connection = ? AND version = ? AND begun > 0",
                sent ? 0 : 1,
                claim.holder(),
                claim.holder(),
                claim.connection(),
                claim.version()));
    }

    @Override
    public void consentNeeded(String connection, long version, String reason) {
        writer.full(h -> h.execute(
                "UPDATE token SET state = 'CONSENT_NEEDED', reason = ?, claim = NULL, claimed_until = 0"
                        + " WHERE connection = ? AND version = ?",
                reason,
                connection,
                version));
    }

    @Override
    public String seal(String connection, String app, Issued issued) {
        ObjectNode grant = JSON.createObjectNode()
                .put("connection", connection)
                .put("app", app)
                .put("access", issued.access())
                .put("at", Micros.of(issued.at()))
                .put("scopes", String.join(" ", issued.scopes()))
                .put("identity", issued.identity())
                .put("userType", issued.userType());
        issued.refresh().ifPresent(token -> grant.put("refresh", token));
        issued.expires().ifPresent(time -> grant.put("expires", Micros.of(time)));
        return Base64.getEncoder().encodeToString(crypto.encrypt(grant.toString(), COMMAND));
    }

    @Override
    public Entry saveSealed(String text) {
        JsonNode grant;
        try {
            grant = JSON.readTree(crypto.decrypt(Base64.getDecoder().decode(text), COMMAND));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            throw new StoreException(
                    StoreException.Kind.INTERNAL, "what was to be saved as a grant is none, and nothing was saved");
        }
        return save(
                grant.path("connection").asText(),
                grant.path("app").asText(),
                new Issued(
                        grant.path("access").asText(),
                        grant.has("refresh") ? Optional.of(grant.path("refresh").asText()) : Optional.empty(),
                        Micros.instant(grant.path("at").asLong()),
                        grant.has("expires")
                                ? Optional.of(
                                        Micros.instant(grant.path("expires").asLong()))
                                : Optional.empty(),
                        words(grant.path("scopes").asText()),
                        grant.path("identity").asText(),
                        grant.path("userType").asText()));
    }
}
