package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.TargetDatabase.Kind;
import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class TargetDatabaseTest {
    private static final String QUOTE = "Key (email)=(jane.roe@example.com) already exists";

    @ParameterizedTest
    @CsvSource({
        "08006, PASSING",
        "40001, PASSING",
        "40P01, PASSING",
        "53300, PASSING",
        "55P03, PASSING",
        "57P01, PASSING",
        "57014, PASSING",
        "58030, PASSING",
        "25006, PASSING",
        "HYT00, PASSING",
        "22001, PERMANENT",
        "22P02, PERMANENT",
        "23505, PERMANENT",
        "23502, PERMANENT",
        "42P01, PERMANENT",
        "42703, PERMANENT",
        "42804, PERMANENT",
        "0A000, PERMANENT",
        "HY000, PERMANENT",
        "55000, PERMANENT",
        "28P01, REFUSED",
        "28000, REFUSED",
        "42501, REFUSED",
        "3D000, REFUSED"
    })
    void a_state_decides_and_is_named_and_nothing_is_quoted(String state, Kind kind) {
        TargetDatabase.Failure failure =
                TargetDatabase.failure(new SQLException(QUOTE, state)).orElseThrow();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reason()).contains("SQLSTATE " + state).doesNotContain("jane");
    }

    @ParameterizedTest
    @CsvSource({
        "SQLITE_BUSY, PASSING",
        "SQLITE_BUSY_SNAPSHOT, PASSING",
        "SQLITE_LOCKED, PASSING",
        "SQLITE_FULL, PASSING",
        "SQLITE_IOERR_WRITE, PASSING",
        "SQLITE_ERROR, PERMANENT",
        "SQLITE_CONSTRAINT_NOTNULL, PERMANENT",
        "SQLITE_MISMATCH, PERMANENT",
        "SQLITE_READONLY, REFUSED",
        "SQLITE_CANTOPEN, REFUSED",
        "SQLITE_NOTADB, REFUSED"
    })
    void a_code_of_sqlite_decides_and_is_named_and_nothing_is_quoted(SQLiteErrorCode code, Kind kind) {
        TargetDatabase.Failure failure =
                TargetDatabase.failure(new SQLiteException(QUOTE, code)).orElseThrow();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.reason()).contains(code.name()).doesNotContain("jane");
    }

    @Test
    void what_a_pool_or_a_batch_wraps_decides() {
        SQLException refused = new SQLException("no", "28P01");
        assertThat(TargetDatabase.failure(new SQLTransientConnectionException("timed out", null, refused)))
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.REFUSED));
        assertThat(TargetDatabase.failure(new BatchUpdateException(
                        QUOTE, null, 0, new int[0], new SQLiteException(QUOTE, SQLiteErrorCode.SQLITE_BUSY))))
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.PASSING));
    }

    @Test
    void without_any_code_what_the_driver_calls_transient_passes() {
        assertThat(TargetDatabase.failure(new SQLTransientConnectionException("timed out")))
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.PASSING));
        assertThat(TargetDatabase.failure(new SQLException(QUOTE))).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.PERMANENT);
            assertThat(failure.reason()).doesNotContain("jane");
        });
    }

    @Test
    void other_failures_are_not_a_databases() {
        assertThat(TargetDatabase.failure(new IOException(QUOTE))).isEmpty();
    }
}
