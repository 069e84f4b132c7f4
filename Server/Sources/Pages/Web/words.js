// Everything that the page says, in both languages. One word for one thing.
export const words = {
  en: {
    lead: "Draw, and watch what the model makes of it.",
    model: "Model", draw: "Your drawing", undo: "Undo", clear: "Clear", photo: "Picture …",
    hint: "A picture can be dropped or pasted here, too. Z undoes, Delete clears.",
    answer: "The answer", seen: "What the model sees", none: "Draw something.",
    jury: "The other models",
    paper: "Drawing area: draw with a mouse, a pen or a finger",
    bars: "Probability of each class", seenPicture: "The picture as the model gets it",
    digits: "Cut out, 20 pixels high or wide, centred by its weight: the form of MNIST's digits.",
    size: (h, w, grey) => `${w} x ${h} pixels, ${grey ? "grey" : "colour"}.`,
    tables: "This model takes rows of a table, not pictures.", offline: "The server does not answer.",
    other: "한국어",
  },
  ko: {
    lead: "그려 보세요. 모델이 무엇으로 보는지 바로 나타납니다.",
    model: "모델", draw: "그림", undo: "되돌리기", clear: "지우기", photo: "사진 …",
    hint: "사진을 끌어다 놓거나 붙여 넣어도 됩니다. Z 키는 되돌리기, Delete 키는 지우기입니다.",
    answer: "답", seen: "모델이 보는 그림", none: "무언가를 그려 보세요.",
    jury: "다른 모델",
    paper: "그리는 곳: 마우스, 펜, 손가락으로 그립니다",
    bars: "클래스마다의 확률", seenPicture: "모델이 받는 그림",
    digits: "잘라 내어 높이나 너비를 20픽셀로 맞추고, 무게 중심을 가운데에 두었습니다. MNIST 숫자와 같은 꼴입니다.",
    size: (h, w, grey) => `${w} x ${h} 픽셀, ${grey ? "흑백" : "컬러"}.`,
    tables: "이 모델은 사진이 아니라 표의 행을 받습니다.", offline: "서버가 답하지 않습니다.",
    other: "English",
  },
};
