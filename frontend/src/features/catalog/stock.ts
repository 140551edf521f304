/** From this number of units down, pages say how many are left. The cart's notices come from the server, which has the same. */
export const LOW_STOCK = 3;
