/** {@code intellivizz:}: what it can be asked for comes from a connection's catalogue. */
package io.crmbridge.component.intellivizz;
