package io.crmbridge.state;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

final class JdbcCommands implements Commands {
    private final Reader reader;
    private final Writer writer;
    private final Clock clock;

    JdbcCommands(Reader reader, Writer writer, Clock clock) {
        this.reader = reader;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public long ask(String name, String argument) {
        return writer.full(h -> h.select(
                        "INSERT INTO command (name, argument, asked_at) VALUES (?, ?, ?) RETURNING id",
                        name,
                        argument,
                        Micros.of(clock.instant()))
                .mapTo(Long.class)
                .one());
    }

    @Override
    public List<Command> open() {
        return reader.read(h -> h.select("SELECT * FROM command WHERE done_at IS NULL ORDER BY id")
                .map((row, context) -> new Command(row.getLong("id"), row.getString("name"), row.getString("argument")))
                .list());
    }

    @Override
    public void done(long id, String result) {
        writer.full(h -> h.execute(
                "UPDATE command SET done_at = ?, result = ? WHERE id = ?", Micros.of(clock.instant()), result, id));
    }

    @Override
    public Optional<String> result(long id) {
        return reader.read(h -> h.select("SELECT result FROM command WHERE id = ? AND done_at IS NOT NULL", id)
                .mapTo(String.class)
                .findOne());
    }
}
