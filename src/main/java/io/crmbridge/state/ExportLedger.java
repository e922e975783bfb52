package io.crmbridge.state;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which rows are in which export file, and up to which byte each file is true. Thread-safe. */
public interface ExportLedger {

    /** Those of the keys that are exported already. */
    Set<String> known(Collection<String> keys);

    /** Records a new part file of a slot (pattern resolved without its roll number). */
    ExportFile open(String slot, String path, Optional<String> columns);

    /** Rows that were written and fsynced: their keys and the file's new length, in one durable transaction. */
    void written(long fileId, Collection<String> keys, long bytes, long entries);

    /** The file is full: records that it will be renamed, before it is. */
    void closing(long fileId);

    void closed(long fileId);

    /** Files that are open or closing, oldest first. */
    List<ExportFile> unfinished();

    List<ExportFile> recent(int limit);

    enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    /** @param path of the finished file; the part file lies beside it with {@code .part} appended */
    record ExportFile(
            long id,
            String slot,
            String path,
            Optional<String> columns,
            State state,
            long bytes,
            long entries,
            Instant openedAt) {}
}
