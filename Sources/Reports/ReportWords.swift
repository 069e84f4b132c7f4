import Support

/// The words of the evaluation page, in the terms of Documentation/Terms.md.
enum ReportWords {
    static let report = Words("Evaluation report", "평가 보고서")
    static let data = Words("Data", "데이터")
    static let part = Words("part", "부분")
    static let accuracy = Words("Accuracy", "정확도")
    static let interval = Words("95 % interval", "95% 신뢰 구간")
    static let className = Words("Class", "클래스")
    static let examples = Words("Examples", "예제 수")
    static let recall = Words("Recall", "재현율")
    static let precision = Words("Precision", "정밀도")
    static let f1 = Words("F1", "F1 점수")
    static let macro = Words("Macro average", "매크로 평균")
    static let weighted = Words("Weighted average", "가중 평균")
    static let macroF1 = Words("Macro F1", "매크로 F1 점수")
    static let calibrationError = Words("Calibration error", "보정 오차")
    static let classes = Words("Each class", "클래스별 성능")
    static let classesLead = Words(
        "Recall: of the examples of a class, how many were found, with its 95 % interval. Precision: of the answers for a "
            + "class, how many were right. F1: the harmonic mean of the two.",
        "재현율은 그 클래스의 예제 가운데 맞게 찾아낸 비율이며, 아래에 95% 신뢰 구간을 적었습니다. 정밀도는 그 클래스라고 답한 것 가운데 "
            + "맞은 비율이고, F1 점수는 둘의 조화 평균입니다.")
    static let confusion = Words("Confusion matrix", "혼동 행렬")
    static let confusionLead = Words(
        "Rows are the true classes, columns the predicted ones: blue was right, orange was wrong.",
        "행은 실제 클래스, 열은 예측한 클래스입니다. 파란색은 맞은 것, 주황색은 틀린 것입니다.")
    static let trueClass = Words("True class", "실제 클래스")
    static let predictedClass = Words("Predicted class", "예측한 클래스")
    static let allMistakes = Words("All mistakes as a list", "틀린 것 모두 목록으로 보기")
    static let pairs = Words("Most confused pairs", "가장 많이 혼동한 클래스")
    static let noMistakes = Words("There are no mistakes.", "틀린 예제가 없습니다.")
    static let count = Words("Number", "개수")
    static let shareOfClass = Words("Share of the class", "클래스 안 비율")
    static let calibration = Words("Can the probabilities be believed?", "확률을 믿을 수 있는가")
    static let reliabilityTitle = Words("Confidence and accuracy", "확신도와 정확도")
    static let reliabilityNote = Words(
        "On the dashed line, of answers given with 80 % are 80 % right. Below it the model is too sure. Bars: how many "
            + "answers have that confidence.",
        "점선 위에 있으면 80% 확률로 답한 것 가운데 실제로 80%가 맞습니다. 점선보다 아래면 지나치게 확신하는 것입니다. 막대는 그 "
            + "확신도로 답한 예제의 수입니다.")
    static let confidence = Words("Confidence", "확신도")
    static let score = Words("Score", "점수")
    static let shareRight = Words("Share of right answers", "맞은 비율")
    static let asGiven = Words("as given", "보정 전")
    static let calibrated = Words("calibrated", "보정 후")
    static let coverageTitle = Words("If unsure answers are left out", "확신이 낮은 답을 버리면")
    static let coverage = Words("Share of examples answered", "답한 예제의 비율")
    static let accuracyOfThese = Words("Accuracy of these", "답한 것의 정확도")
    static let mistakes = Words("The surest mistakes", "가장 확신하고 틀린 예제")
    static let mistakesLead = Words(
        "Wrong answers with the highest scores: often examples with a wrong label, or of a kind that training lacked.",
        "점수가 가장 높으면서 틀린 답입니다. 레이블이 잘못되었거나 훈련 데이터에 없던 종류인 경우가 많습니다.")
    static let example = Words("Example", "예제")
    static let trueLabel = Words("true", "실제")
    static let predictedLabel = Words("predicted", "예측")
    static let importance = Words("Importance of the features", "특징의 중요도")
    static let importanceLead = Words(
        "How much the score falls when the values of a feature are shuffled among the examples, with the standard deviation "
            + "of the repeats. Of features that say the same, each seems less important than it is.",
        "한 특징의 값을 예제끼리 뒤섞었을 때 점수가 얼마나 떨어지는지와 반복의 표준편차입니다. 같은 내용을 담은 특징이 여럿이면 "
            + "각각은 실제보다 덜 중요해 보입니다.")
    static let feature = Words("Feature", "특징")
    static let fall = Words("Fall of the score", "점수 하락")
    static let collect = Words("What to collect next", "다음에 모을 데이터")
    static let comparison = Words("Comparison with another model", "다른 모델과의 비교")
    static let bothRight = Words("Both right", "둘 다 맞음")
    static let onlyThis = Words("Only this model right", "이 모델만 맞음")
    static let onlyOther = Words("Only the other right", "다른 모델만 맞음")
    static let bothWrong = Words("Both wrong", "둘 다 틀림")
    static let otherModel = Words("Other model", "다른 모델")
    static let thisModel = Words("This model", "이 모델")
    static let mae = Words("Mean absolute error", "평균 절대 오차")
    static let rmse = Words("RMSE", "RMSE")
    static let r2 = Words("R²", "R²")
    static let median = Words("Median error", "오차의 중앙값")
    static let largest = Words("Largest error", "가장 큰 오차")
    static let bias = Words("Mean residual", "잔차의 평균")
    static let baselineRMSE = Words("RMSE of the mean", "평균만 답할 때 RMSE")
    static let numbers = Words("Predictions and targets", "예측값과 목푯값")
    static let predictionsTitle = Words("Predicted against true", "목푯값에 따른 예측값")
    static let predictionsNote = Words(
        "Each point is an example. On the dashed line the prediction is the target; above it the model says too much, below "
            + "it too little.",
        "점 하나가 예제 하나입니다. 점선 위에 놓이면 예측값이 목푯값과 같고, 점선보다 위면 크게, 아래면 작게 예측한 것입니다.")
    static let residuals = Words("Residuals", "잔차")
    static let residualsNote = Words(
        "The error, predicted − target, over the prediction. Around the dashed line everywhere if all is well; a bend or a "
            + "funnel says what the model has missed.",
        "예측값에 따른 오차, 곧 예측값에서 목푯값을 뺀 잔차입니다. 점선 주위에 고르게 흩어져 있으면 좋은 모델입니다. "
            + "휘어 있거나 한쪽으로 벌어지면 모델이 놓친 것이 있다는 뜻입니다.")
    static let largestErrors = Words("The largest errors", "가장 크게 빗나간 예제")
    static let largestErrorsLead = Words(
        "The examples whose prediction is furthest from the target: often a wrong entry, or a kind that training lacked. They are "
            + "numbered from 0 within the examples of this report.",
        "예측값이 목푯값에서 가장 먼 예제입니다. 잘못 적힌 값이거나 훈련 데이터에 없던 종류인 경우가 많습니다. 번호는 이 보고서의 예제를 "
            + "0부터 센 것입니다.")
    static let target = Words("Target", "목푯값")
    static let error = Words("Error", "오차")
    static let importanceLeadOfNumbers = Words(
        "How much R² falls when the values of a feature are shuffled among the examples, with the standard deviation of the "
            + "repeats. Of features that say the same, each seems less important than it is.",
        "한 특징의 값을 예제끼리 뒤섞었을 때 R²가 얼마나 떨어지는지와 반복의 표준편차입니다. 같은 내용을 담은 특징이 여럿이면 "
            + "각각은 실제보다 덜 중요해 보입니다.")
    static let fallOfR2 = Words("Fall of R²", "R² 하락")
    static let nearerThis = Words("This model nearer", "이 모델이 더 가까움")
    static let nearerOther = Words("Other model nearer", "다른 모델이 더 가까움")
    static let model = Words("Model", "모델")
    static let prediction = Words("Prediction", "예측값")
    static let residual = Words("Prediction − target", "예측값 − 목푯값")
    static let made = Words(
        "Made by Descent. This page is one file and asks nothing from elsewhere.",
        "Descent로 만들었습니다. 이 페이지는 파일 하나로 되어 있으며 외부에서 아무것도 불러오지 않습니다.")
}

/// Sentences with figures in them.
struct ReportSentences {
    let language: Language

    func percent(_ share: Double, decimals: Int = 1) -> String {
        Numerals.fixed(100 * share, decimals) + (language == .ko ? "%" : "\u{A0}%")
    }

    /// A p-value; its digits say nothing where it is tiny.
    static func probability(_ value: Double) -> String {
        value < 0.0001 ? "p < 0.0001" : "p = \(Numerals.twoDigits(value))"
    }

    func examples(_ count: Int) -> String {
        language == .ko ? "예제 \(Numerals.grouped(count))개" : Numerals.counted(count, "example")
    }

    func accuracy(correct: Int, count: Int, lower: Double, upper: Double) -> String {
        let (right, all) = (Numerals.grouped(correct), Numerals.grouped(count))
        return Words(
            "\(right) of \(all) examples were classified correctly. These examples are a sample: the accuracy on all "
                + "of their kind lies between \(percent(lower)) and \(percent(upper)) (95 % interval).",
            "예제 \(all)개 가운데 \(right)개를 맞혔습니다. 이 예제들은 표본이므로, 같은 종류의 데이터 전체에 대한 정확도는 "
                + "\(percent(lower))에서 \(percent(upper)) 사이로 봅니다(95% 신뢰 구간).")[language]
    }

    func error(count: Int, interval: String?) -> String {
        let examples = examples(count)
        let range = interval.map {
            Words(" The 95 % interval of the mean is \($0).", " 평균의 95% 신뢰 구간은 \($0)입니다.")[language]
        }
        return Words(
            "Predictions for \(examples) are off by this much on average.",
            "\(examples)에 대한 예측값이 목푯값과 평균적으로 이만큼 다릅니다.")[language] + (range ?? "")
    }

    func baseline(_ error: String, _ baseline: String) -> String {
        Words(
            "RMSE is \(error); always predicting the mean of the targets would give \(baseline).",
            "RMSE는 \(error)이고, 늘 목푯값의 평균을 예측한다면 \(baseline)입니다.")[language]
    }

    /// What is predicted, under the title; empty where it is not known.
    func predicts(_ name: String?, _ unit: String?) -> String {
        guard let name else { return "" }
        // A name with its unit in brackets says it already.
        let extra = unit.flatMap { name.contains($0) ? nil : " (\($0))" } ?? ""
        return Words("predicts \(name)\(extra)", "예측 대상: \(name)\(extra)")[language]
    }

    func numbers(_ isSignificant: Bool, isBetter: Bool, probability: Double) -> String {
        let p = Self.probability(probability)
        guard isSignificant else {
            return Words(
                "The difference may be chance (Wilcoxon's signed-rank test of the absolute errors, \(p)).",
                "이 차이는 우연일 수 있습니다(절대 오차의 윌콕슨 부호 순위 검정, \(p)).")[language]
        }
        return isBetter
            ? Words(
                "This model is better, and that is hardly chance (Wilcoxon's signed-rank test of the absolute errors, \(p)).",
                "이 모델이 더 낫고, 우연이라고 보기 어렵습니다(절대 오차의 윌콕슨 부호 순위 검정, \(p)).")[language]
            : Words(
                "The other model is better, and that is hardly chance (Wilcoxon's signed-rank test of the absolute errors, \(p)).",
                "다른 모델이 더 낫고, 우연이라고 보기 어렵습니다(절대 오차의 윌콕슨 부호 순위 검정, \(p)).")[language]
    }

    func calibration(mean: Double, accuracy: Double, error: Double) -> String {
        Words(
            "On average the model gives its answers \(percent(mean)), and \(percent(accuracy)) of them are right. The expected "
                + "calibration error is \(percent(error)) (15 bins).",
            "이 모델은 답에 평균 \(percent(mean))의 확률을 주며, 실제로는 \(percent(accuracy))가 맞습니다. 기대 보정 오차는 "
                + "\(percent(error))입니다(구간 15개).")[language]
    }

    func temperature(_ temperature: Double, error: Double) -> String {
        Words(
            "At the temperature \(Numerals.fixed(temperature, 2)) the error is \(percent(error)).",
            "온도 \(Numerals.fixed(temperature, 2))로 보정하면 오차는 \(percent(error))입니다.")[language]
    }

    func rejection(reaching accuracy: Double, threshold: Double, coverage: Double) -> String {
        Words(
            "For an accuracy of \(percent(accuracy)), leave out answers below \(percent(threshold)): "
                + "\(percent(coverage)) of the examples are still answered.",
            "정확도 \(percent(accuracy))를 얻으려면 \(percent(threshold)) 미만의 답을 버리면 되고, 그때 예제의 "
                + "\(percent(coverage))에 답합니다.")[language]
    }

    func collect(_ name: String, support: Int, lower: Double, upper: Double, additional: Int) -> String {
        let more = Numerals.grouped(additional)
        return Words(
            "Collect more examples of \(name). Its recall is known least: with \(examples(support)) it lies between "
                + "\(percent(lower)) and \(percent(upper)). About \(more) more in the test set would halve that interval.",
            "\(name) 클래스의 예제를 더 모으세요. 재현율의 신뢰 구간이 가장 넓은 클래스입니다. \(examples(support))로는 "
                + "\(percent(lower))에서 \(percent(upper)) 사이라고만 말할 수 있습니다. 시험 데이터에 약 \(more)개를 더하면 이 구간이 "
                + "절반이 됩니다.")[language]
    }

    func comparison(_ isSignificant: Bool, isBetter: Bool, probability: Double) -> String {
        let p = Self.probability(probability)
        guard isSignificant else {
            return Words(
                "The difference may be chance (McNemar's exact test, \(p)).",
                "이 차이는 우연일 수 있습니다(맥니마 정확 검정, \(p)).")[language]
        }
        return isBetter
            ? Words(
                "This model is better, and that is hardly chance (McNemar's exact test, \(p)).",
                "이 모델이 더 낫고, 우연이라고 보기 어렵습니다(맥니마 정확 검정, \(p)).")[language]
            : Words(
                "The other model is better, and that is hardly chance (McNemar's exact test, \(p)).",
                "다른 모델이 더 낫고, 우연이라고 보기 어렵습니다(맥니마 정확 검정, \(p)).")[language]
    }

    func more(_ count: Int) -> String {
        Words("and \(Numerals.grouped(count)) more", "그 밖에 \(Numerals.grouped(count))가지")[language]
    }
}
