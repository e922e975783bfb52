package io.crmbridge.bundle.test;

import java.util.ArrayList;
import java.util.List;

/** Two texts line by line: the longest common lines stay, the others are marked. */
final class LineDifference {
    private LineDifference() {}

    static List<String> of(String expected, String actual) {
        List<String> left = expected.lines().toList();
        List<String> right = actual.lines().toList();
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int k = right.size() - 1; k >= 0; k--) {
                common[i][k] = left.get(i).equals(right.get(k))
                        ? common[i + 1][k + 1] + 1
                        : Math.max(common[i + 1][k], common[i][k + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int k = 0;
        while (i < left.size() || k < right.size()) {
            if (i < left.size() && k < right.size() && left.get(i).equals(right.get(k))) {
                lines.add("  " + left.get(i++));
                k++;
            } else if (k == right.size() || i < left.size() && common[i + 1][k] >= common[i][k + 1]) {
                lines.add("- " + left.get(i++));
            } else {
                lines.add("+ " + right.get(k++));
            }
        }
        return lines;
    }
}
