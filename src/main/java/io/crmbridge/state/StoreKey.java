package io.crmbridge.state;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the key is that encrypts columns: given, or in a file that is made when it is first needed.
 *
 * @param given in base64: 32 bytes, or a Tink keyset
 */
record StoreKey(Optional<String> given, Path file) {
    static final String FILE = "store.key";
    private static final Logger LOG = LoggerFactory.getLogger(StoreKey.class);
    private static final int RAW_BYTES = 32;

    /** @param encrypted whether something is encrypted already, so that a new key would be of no use */
    Aead aead(boolean encrypted) {
        if (given.isPresent()) {
            return parse(given.get(), "BRIDGE_STORE_KEY");
        }
        try {
            if (!Files.exists(file)) {
                if (encrypted) {
                    throw new StoreException(
                            Kind.UNUSABLE,
                            "the key of the store is missing, so its tokens cannot be read: put %s back, or set BRIDGE_STORE_KEY to what stood in it%s"
                                    .formatted(file, OR_GIVE_UP));
                }
                make();
            }
            return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the key of the store in %s cannot be %s (%s): give this user access, or set BRIDGE_STORE_KEY"
                            .formatted(
                                    file,
                                    Files.exists(file) ? "read" : "made",
                                    e.getClass().getSimpleName()));
        }
    }

    /** A sentence for what was encrypted with another key. */
    StoreException isAnother() {
        return new StoreException(
                Kind.UNUSABLE,
                "the tokens of the store cannot be read with the key %s: it is not the one that they were encrypted with. Put that one back; bridges on one database need the same%s"
                        .formatted(given.isPresent() ? "in BRIDGE_STORE_KEY" : "in " + file, OR_GIVE_UP));
    }

    private static final String OR_GIVE_UP =
            ". If it is lost for good, run auth logout --connection NAME for each one that auth status lists, and auth login again";

    private static Aead parse(String text, String from) {
        try {
            AeadConfig.register();
            return keyset(text.strip()).getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without the cause, which might quote what it could not read.
            throw new StoreException(
                    Kind.UNUSABLE,
                    "%s holds no key: it is 32 bytes in base64 (openssl rand -base64 32), or a Tink keyset in base64"
                            .formatted(from));
        }
    }

    private static KeysetHandle keyset(String text) throws GeneralSecurityException {
        if (text.startsWith("{")) {
            return TinkJsonProtoKeysetFormat.parseKeyset(text, InsecureSecretKeyAccess.get());
        }
        byte[] bytes = Base64.getMimeDecoder().decode(text);
        if (bytes.length == RAW_BYTES) {
            return raw(bytes);
        }
        if (bytes.length > 0 && bytes[0] == '{') {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    new String(bytes, StandardCharsets.UTF_8), InsecureSecretKeyAccess.get());
        }
        return TinkProtoKeysetFormat.parseKeyset(bytes, InsecureSecretKeyAccess.get());
    }

    private static KeysetHandle raw(byte[] bytes) throws GeneralSecurityException {
        AesGcmParameters parameters = AesGcmParameters.builder()
                .setKeySizeBytes(RAW_BYTES)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                .build();
        AesGcmKey key = AesGcmKey.builder()
                .setParameters(parameters)
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .build();
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
                .build();
    }

    /** Another process may make it at the same moment: the first one's counts. */
    private void make() throws IOException {
        Path part = Files.createTempFile(folder(), FILE, ".part", ownerOnly());
        try {
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(fresh().getBytes(StandardCharsets.UTF_8)));
                out.force(true);
            }
            link(part);
            LOG.info(
                    "made {}, which encrypts the tokens of this store: keep a copy of it apart from backups of the store, which are worth nothing without it",
                    file);
        } catch (FileAlreadyExistsException theFirstOnesCounts) {
            LOG.debug("another process has made {}", file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Path folder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        return folder;
    }

    private void link(Path part) throws IOException {
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException noLinksHere) {
            Files.move(part, file);
        }
    }

    private FileAttribute<?>[] ownerOnly() throws IOException {
        return Files.getFileStore(folder()).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------")))
                }
                : new FileAttribute<?>[0];
    }

    private static String fresh() {
        try {
            AeadConfig.register();
            KeysetHandle keys = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            return Base64.getEncoder()
                            .encodeToString(TinkProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get()))
                    + "\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-256-GCM", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "StoreKey[" + (given.isPresent() ? "given" : file) + "]";
    }
}
