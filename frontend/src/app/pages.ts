/** Every page is a chunk of its own, loaded on navigation. */
export const home = () => import("@/pages/Home");
export const listing = () => import("@/pages/Listing");
export const search = () => import("@/pages/Search");
export const product = () => import("@/pages/Product");
export const cart = () => import("@/pages/Cart");
export const signIn = () => import("@/pages/SignIn");
export const signUp = () => import("@/pages/SignUp");
export const forgottenPassword = () => import("@/pages/ForgottenPassword");
export const help = () => import("@/pages/Help");
export const notFound = () => import("@/pages/NotFound");
export const checkout = () => import("@/pages/Checkout");
export const orders = () => import("@/pages/Orders");
export const order = () => import("@/pages/Order");
export const orderConfirmed = () => import("@/pages/OrderConfirmed");
export const account = () => import("@/pages/Account");
