/** Where things stand in a bundle's files: YAML and properties, read with the places of their words. Knows no bundle. */
package io.crmbridge.bundle.place;
