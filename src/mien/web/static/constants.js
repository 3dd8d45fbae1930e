/**
 * What the page shares with Python. Written by `python tools/make_page_constants.py` from the modules that are named
 * here, which say what each of these means; a test keeps it true.
 */

// mien.labels
export const FER2013 = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);
export const EMOTIONS = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"]);
export const VOTES = Object.freeze([
  "angry",
  "disgust",
  "fear",
  "happy",
  "sad",
  "surprise",
  "neutral",
  "contempt",
  "unknown",
  "not_a_face",
]);
export const SYNONYMS = Object.freeze({
  anger: "angry",
  disgusted: "disgust",
  afraid: "fear",
  fearful: "fear",
  scared: "fear",
  happiness: "happy",
  joy: "happy",
  sadness: "sad",
  surprised: "surprise",
  contemptuous: "contempt",
  nf: "not_a_face",
});
export const LOOKS = Object.freeze({
  angry: "looks angry",
  disgust: "looks disgusted",
  fear: "looks afraid",
  happy: "looks happy",
  sad: "looks sad",
  surprise: "looks surprised",
  neutral: "looks neutral",
  contempt: "looks contemptuous",
});
export const SHAPE = Object.freeze([
  "eye_right",
  "eye_left",
  "brow_right",
  "brow_left",
  "brow_inner",
  "mouth_open",
  "mouth_width",
  "corner_right",
  "corner_left",
  "yaw",
  "pitch",
]);
export const SHAPE_BOUNDS = Object.freeze({
  eye_right: [0, 2],
  eye_left: [0, 2],
  brow_right: [-1, 1],
  brow_left: [-1, 1],
  brow_inner: [-1, 1],
  mouth_open: [0, 1],
  mouth_width: [-1, 1],
  corner_right: [-1, 1],
  corner_left: [-1, 1],
  yaw: [-90, 90],
  pitch: [-90, 90],
});
export const UNCLEAR = Object.freeze(["blurred", "cut_off", "not_a_face", "small", "turned"]);

// mien.images
export const MAX_PIXELS = 100000000;

// mien.detect
export const STRIDES = Object.freeze([8, 16, 32]);
export const COARSE = 320;
export const MIDDLE = 640;
export const TILE = 1024;
export const OVERLAP = 160;
export const FINEST_SCALE = 0.8333333333333334;
export const LARGE = 240;
export const SMALLEST_PASS = 256;
export const CLOSE_UP = 192;
export const MARGIN = 1.05;
export const REFINEMENTS = 3;
export const STRAIGHT_DEGREES = 6;
export const FROM_AFAR = 0.4;
export const MIN_CONFIDENCE = 0.6;
export const SAME_FACE_IOU = 0.3;
export const INSIDE_SHARE = 0.6;
export const SAME_PLACE = 0.5;

// mien.align
export const SIDE = 48;
export const TEMPLATE = Object.freeze([
  [14.89, 18.34],
  [32.8, 18.65],
  [23.02, 27.88],
  [16.38, 36.3],
  [30.7, 36.47],
]);
export const SMALL_PX = 24;
export const TURNED_DEGREES = 45;
export const CUT_OFF = 0.25;
export const BLURRED = 0.002;

// mien.results
export const PHOTO_LABELS = "balanced";

// mien.classify
export const BATCH = 64;
export const THRESHOLDS = Object.freeze({ low_score: 0.5, ambiguous: 0.1, unknown: 0.4, not_a_face: 0.4 });

// mien.occlusion
export const GRID = 8;
export const COVER_GRAY = 128;

// mien.emoji
export const MIN_SIZE = 16;
export const MAX_SIZE = 2048;
export const SLIGHT = 0.12;

// mien.annotate
export const MIXED_BELOW = 0.4;
export const EMOTION_COLORS = Object.freeze({
  angry: "#e5484d",
  disgust: "#5f9e3f",
  fear: "#12a5bd",
  happy: "#f5b301",
  sad: "#4a7fe0",
  surprise: "#f76b15",
  neutral: "#8d8d97",
  contempt: "#b0569f",
});
export const UNSURE_COLOR = "#8d8d97";
export const MASK_COVER = 1.06;
export const MASK_REACH = 1.5;
export const MASK_EDGE = 2;
export const LEAST_EYE_DISTANCE = 0.12;

// mien.annotate.layouts
export const CARD_SQUARE = Object.freeze({
  width: 1080,
  height: 1080,
  photo: 796,
  emoji_left: 640,
  emoji_top: 620,
  emoji_side: 400,
  words_left: 56,
  words_top: 812,
  words_right: 624,
  words_bottom: 968,
  text: 66,
  brand: 1040,
  centered: false,
});
export const CARD_PORTRAIT = Object.freeze({
  width: 1080,
  height: 1350,
  photo: 1000,
  emoji_left: 610,
  emoji_top: 790,
  emoji_side: 430,
  words_left: 56,
  words_top: 1040,
  words_right: 594,
  words_bottom: 1220,
  text: 72,
  brand: 1290,
  centered: false,
});
export const CARD_TALL = Object.freeze({
  width: 1080,
  height: 1920,
  photo: 1250,
  emoji_left: 280,
  emoji_top: 1000,
  emoji_side: 520,
  words_left: 80,
  words_top: 1540,
  words_right: 1000,
  words_bottom: 1740,
  text: 92,
  brand: 1810,
  centered: true,
});
export const CARD_SPACE = 0.05;
export const CARD_CLOSE = 0.44;
export const CARD_EASE = 0.85;
export const CARD_ENLARGED = 2;
export const CARD_BADGE = 0.6;
export const CARD_SMALLEST_BADGE = 56;
export const CARD_LARGEST_BADGE = 190;
export const CARD_CORE = 0.18;
export const CARD_OWN_FACE = 1;
export const CARD_OTHER_FACE = 3;
export const CARD_OTHER_EMOJI = 8;
export const CARD_SPOTS = Object.freeze([
  [1, 0, 0.1, -0.1],
  [0, 0, -0.1, -0.1],
  [1, 0.5, 0.5, 0],
  [0, 0.5, -0.5, 0],
  [0.5, 0, 0, -0.5],
  [1, 1, 0.1, 0.1],
  [0, 1, -0.1, 0.1],
  [0.5, 1, 0, 0.5],
]);

// mien.annotate.posts
export const CARD_LINE = 1.24;
export const CARD_SMALL = 0.56;
export const CARD_HEAD = 0.9;
export const CARD_RIM = 0.035;
export const CARD_BRAND_SIZE = 34;
export const CARD_BACKDROP_SIDE = 12;
export const CARD_FEATHER = 24;

// mien.video.smoothing
export const TAU_MS = 100;
export const FLOOR = 0.002;
export const STAY_MS = 200;
export const CLEAR = 10;
export const GAP_MS = 400;
export const DOUBT = 0.65;
export const TRUST = 0.35;

// mien.video.neutral
export const LEAST_AT_REST = 5;
export const USUAL_REST = Object.freeze({
  eye_right: 1,
  eye_left: 1,
  brow_right: 0,
  brow_left: 0,
  brow_inner: 0,
  mouth_open: 0,
  mouth_width: 0,
  corner_right: 0,
  corner_left: 0,
  yaw: 0,
  pitch: 0,
});
export const MOST_ANATOMY = 0.5;

// mien.video.one_euro
export const MIN_CUTOFF = 0.5;
export const SPEED_GAIN = 2;
export const SPEED_CUTOFF = 1;
export const SHAPE_UNITS = Object.freeze({
  eye_right: 1,
  eye_left: 1,
  brow_right: 1,
  brow_left: 1,
  brow_inner: 1,
  mouth_open: 1,
  mouth_width: 1,
  corner_right: 1,
  corner_left: 1,
  yaw: 30,
  pitch: 30,
});

// mien.video.tracks
export const MEMORY_MS = 1000;
export const TRACK_REACH = 0.6;
export const TRACK_REACH_PER_S = 1;
export const LARGEST_SCALING = 0.9;
export const SIZE_WEIGHT = 0.5;
