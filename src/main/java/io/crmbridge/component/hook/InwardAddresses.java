package io.crmbridge.component.hook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** Resolves hosts, but never to an address inside: loopback, private, link-local, carrier-grade, unique local. */
final class InwardAddresses implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        for (InetAddress address : addresses) {
            if (isInward(address)) {
                throw new InwardAddressException();
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    static boolean isInward(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (bytes.length == 4) {
            return first == 0 || first >= 240 || first == 100 && (second & 0xc0) == 64;
        }
        return (first & 0xfe) == 0xfc || carriesInward(bytes);
    }

    /** IPv6 that a gateway or the system turns into IPv4: compatible (::/96), NAT64 (64:ff9b::/96), 6to4 (2002::/16). */
    private static boolean carriesInward(byte[] bytes) {
        if (bytes[0] == 0x20 && bytes[1] == 0x02) {
            return isInward(bytes, 2);
        }
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xff && bytes[3] == (byte) 0x9b;
        return (nat64 || zero(bytes, 0, 4)) && zero(bytes, 4, 12) && isInward(bytes, 12);
    }

    private static boolean isInward(byte[] bytes, int from) {
        try {
            return isInward(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static final class InwardAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;
    }
}
