package io.crmbridge.component.export;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How rows become bytes. Immutable. */
interface RowFormat {

    /** The columns for a new file that begins with these rows; empty where the format has none. */
    Optional<List<String>> columns(List<Map<String, Object>> rows);

    /** Whether a file with these columns can take these rows without losing a field. */
    boolean fits(List<String> columns, List<Map<String, Object>> rows);

    byte[] header(List<String> columns) throws IOException;

    byte[] rows(List<String> columns, List<Map<String, Object>> rows) throws IOException;
}
