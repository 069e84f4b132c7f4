import Support

extension Section {
    static let softmax = Section(
        3, "03-softmax",
        title: Words("Softmax, guarded against overflow", "소프트맥스와 오버플로 대책"),
        text: Words(
            """
            Softmax turns scores into probabilities: each exp(a) is divided by the sum of all of them. Every result lies \
            between 0 and 1, and the results add up to 1.

            exp grows fast: exp(710) is more than a Double can hold and becomes infinity, and infinity divided by \
            infinity is not a number (nan). Adding the same constant to all scores does not change softmax, because it \
            cancels out of numerator and denominator. So the largest score is subtracted first, and no exponent is \
            above 0.
            """,
            """
            소프트맥스는 점수를 확률로 바꿉니다. 각 exp(a)를 모든 exp(a)의 합으로 나눕니다. 결과는 모두 0과 1 사이이고, \
            다 더하면 1입니다.

            exp는 빠르게 커집니다. exp(710)은 Double이 담을 수 없어 무한대가 되고, 무한대를 무한대로 나누면 수가 아닌 \
            값(nan)이 됩니다. 모든 점수에 같은 수를 더해도 분자와 분모에서 약분되므로 소프트맥스는 변하지 않습니다. \
            그래서 가장 큰 점수를 먼저 빼면 지수가 0을 넘지 않습니다.
            """),
        figures: [
            .same("y", "[0.00968996 0.11804785 0.87226219]"), .same("y.sum()", "1.0"),
            Figure(
                "softmaxUnguarded(large)", .text("[nan nan nan]"),
                note: Words(
                    "Without the guard: infinity divided by infinity. NumPy prints the same, with a warning.",
                    "대책이 없으면 무한대를 무한대로 나누게 됩니다. NumPy도 경고와 함께 같은 값을 출력합니다.")),
            Figure(
                "softmax(large)", .text("[9.99954600e-01 4.53978686e-05 2.06106005e-09]"),
                note: Words("Expected: NumPy 2.4.6.", "기대값: NumPy 2.4.6.")),
        ])
}
