package io.crmbridge.component.export;

import io.crmbridge.component.CrmRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON object a line, in UTF-8. */
record NdjsonFormat(List<String> wanted) implements RowFormat {

    @Override
    public Optional<List<String>> columns(List<Map<String, Object>> rows) {
        return Optional.empty();
    }

    @Override
    public boolean fits(List<String> columns, List<Map<String, Object>> rows) {
        return true;
    }

    @Override
    public byte[] header(List<String> columns) {
        return new byte[0];
    }

    @Override
    public byte[] rows(List<String> columns, List<Map<String, Object>> rows) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(rows.size() * 512);
        for (Map<String, Object> row : rows) {
            Map<String, Object> kept = row;
            if (!wanted.isEmpty()) {
                kept = new LinkedHashMap<>();
                for (String name : wanted) {
                    kept.put(name, row.get(name));
                }
            }
            lines.write(CrmRecord.toJson(kept));
            lines.write('\n');
        }
        return lines.toByteArray();
    }
}
