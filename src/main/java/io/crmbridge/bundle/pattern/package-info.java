/**
 * What a new bundle is made of: the shipped bundle's own files, which lie in the jar as well. Nothing lists what a pattern
 * needs; its routes name it.
 */
package io.crmbridge.bundle.pattern;
