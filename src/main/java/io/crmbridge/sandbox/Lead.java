package io.crmbridge.sandbox;

/** Somebody who wants something. @param phone as people write it, or empty @param country its ISO 3166 code */
record Lead(
        String firstName, String lastName, String email, String phone, String company, String country, String message) {
    String name() {
        return firstName + " " + lastName;
    }
}
