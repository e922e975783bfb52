package io.crmbridge.state;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Supplier;

/** Encrypts what stands in columns. The key is read when it is first needed, and tried on what is there. Thread-safe. */
final class ColumnCrypto {

    /** @param place which connection and column it is, so that one value cannot stand in the place of another */
    record Sealed(byte[] bytes, String place) {}

    private final StoreKey key;
    /** Something that is encrypted already. */
    private final Supplier<Optional<Sealed>> sample;

    private Aead aead;

    ColumnCrypto(StoreKey key, Supplier<Optional<Sealed>> sample) {
        this.key = key;
        this.sample = sample;
    }

    /** @throws StoreException of kind UNUSABLE, also where the key is not the one of what is there */
    synchronized Aead ready() {
        if (aead == null) {
            Optional<Sealed> there = sample.get();
            Aead read = key.aead(there.isPresent());
            there.ifPresent(value -> decrypt(read, value));
            aead = read;
        }
        return aead;
    }

    byte[] encrypt(String text, String place) {
        try {
            return ready().encrypt(text.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM encrypts any text", e);
        }
    }

    String decrypt(byte[] bytes, String place) {
        return decrypt(ready(), new Sealed(bytes, place));
    }

    private String decrypt(Aead with, Sealed value) {
        try {
            byte[] text = with.decrypt(value.bytes(), value.place().getBytes(StandardCharsets.UTF_8));
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw key.isAnother();
        }
    }
}
