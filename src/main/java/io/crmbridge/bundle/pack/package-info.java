/** A bundle as one file: packing a folder, byte for byte the same each time, and unpacking what a stranger may have made. */
package io.crmbridge.bundle.pack;
