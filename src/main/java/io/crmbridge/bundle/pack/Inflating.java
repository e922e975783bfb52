package io.crmbridge.bundle.pack;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Counts what comes out of a zip while it does, for what its headers say of sizes is only said. */
final class Inflating {
    private final long most;
    private final long mostByRatio;
    private long bytes;

    /** In bytes, of all entries together. */
    Inflating(long most, long mostByRatio) {
        this.most = most;
        this.mostByRatio = mostByRatio;
    }

    /** SHA-256 of an entry. */
    String sum(ZipFile file, ZipArchiveEntry entry) throws IOException, Suspicion {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = file.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > most) {
                    throw new Suspicion("", "it is more than %d MB when it is unpacked".formatted(most >> 20));
                }
                if (bytes > mostByRatio) {
                    throw new Suspicion("", "it swells when it is unpacked as no bundle does, and was not unpacked");
                }
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
